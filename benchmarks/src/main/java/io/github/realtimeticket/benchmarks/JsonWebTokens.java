// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.benchmarks;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.security.SecureRandom;
import java.text.ParseException;
import java.time.Instant;
import java.util.Date;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** Signs a JWT for the same user with nimbus-jose-jwt and checks it, for comparison. Nothing remembers that it has been used. */
public class JsonWebTokens extends Pairs {

    /** How it is signed: with a secret that both sides know, or with a key pair. */
    @Param({"HS256", "ES256"})
    public String algorithm = "HS256";

    private @Nullable JWSSigner signer;
    private @Nullable JWSVerifier verifier;

    /** Makes the keys. */
    @Setup
    public void keys() throws JOSEException {
        if (algorithm.equals("HS256")) {
            var secret = new byte[32];
            new SecureRandom().nextBytes(secret);
            signer = new MACSigner(secret);
            verifier = new MACVerifier(secret);
        } else {
            ECKey pair = new ECKeyGenerator(Curve.P_256).generate();
            signer = new ECDSASigner(pair);
            verifier = new ECDSAVerifier(pair);
        }
    }

    @Override
    JWTClaimsSet pair() throws JOSEException, ParseException {
        Instant now = Instant.now();
        var claims = new JWTClaimsSet.Builder()
                .subject("1")
                .claim("username", "alice")
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plusSeconds(10)))
                .build();
        var jwt = new SignedJWT(new JWSHeader(JWSAlgorithm.parse(algorithm)), claims);
        jwt.sign(signer);
        String text = jwt.serialize();

        SignedJWT received = SignedJWT.parse(text);
        JWTClaimsSet read = received.getJWTClaimsSet();
        if (!received.verify(verifier)
                || Instant.now().isAfter(read.getExpirationTime().toInstant())) {
            throw new IllegalStateException("A token was refused");
        }
        return read;
    }
}
