// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import io.github.realtimeticket.Revocations;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.jdbc.JdbcTicketStore;
import java.util.List;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.jdbc.EmbeddedDatabaseConnection;
import org.springframework.boot.jdbc.init.DataSourceScriptDatabaseInitializer;
import org.springframework.boot.jdbc.init.PlatformPlaceholderDatabaseDriverResolver;
import org.springframework.boot.sql.init.DatabaseInitializationMode;
import org.springframework.boot.sql.init.DatabaseInitializationSettings;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.datasource.init.DatabasePopulator;

/** The store in the application's database, and its tables. */
@AutoConfiguration(
        before = RealtimeTicketAutoConfiguration.class,
        afterName = {
            "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration",
            "org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration"
        })
@ConditionalOnClass(JdbcTicketStore.class)
@ConditionalOnProperty(name = "realtime-ticket.store", havingValue = "jdbc")
@EnableConfigurationProperties(RealtimeTicketProperties.class)
public final class RealtimeTicketJdbcAutoConfiguration {

    private static final Logger LOG = LoggerFactory.getLogger(RealtimeTicketJdbcAutoConfiguration.class);

    RealtimeTicketJdbcAutoConfiguration(Environment environment) {
        UnreadSettings.refuse(environment);
    }

    @Bean(destroyMethod = "close")
    @ConditionalOnMissingBean(TicketStore.class)
    @DependsOnDatabaseInitialization
    JdbcTicketStore realtimeTicketStore(
            RealtimeTicketProperties properties, DataSource dataSource, Environment environment) {
        properties.requireStore(RealtimeTicketProperties.Store.JDBC);
        UnreadSettings.warn(environment, RealtimeTicketProperties.Store.JDBC);
        LOG.info("Tickets are kept in the application's database, in the table {}", JdbcTicketStore.DEFAULT_TABLE);
        return JdbcTicketStore.builder(dataSource)
                .timeout(WrongProperty.timeout("jdbc.timeout", properties.jdbc().timeout()))
                .build();
    }

    /** Ends with the store. */
    @Bean(destroyMethod = "")
    @ConditionalOnMissingBean
    @ConditionalOnBean(JdbcTicketStore.class)
    @ConditionalOnBooleanProperty("realtime-ticket.revocations.enabled")
    Revocations realtimeTicketRevocations(JdbcTicketStore store) {
        return store.revocations();
    }

    /** Where Boot can run scripts, and it is plain in which database. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({DataSourceScriptDatabaseInitializer.class, DatabasePopulator.class})
    @ConditionalOnSingleCandidate(DataSource.class)
    static class Schema {

        private static final String SCRIPT = "classpath:io/github/realtimeticket/jdbc/schema-@@platform@@.sql";

        @Bean
        @ConditionalOnMissingBean(name = "realtimeTicketSchema")
        DataSourceScriptDatabaseInitializer realtimeTicketSchema(
                RealtimeTicketProperties properties, DataSource dataSource) {
            DatabaseInitializationMode mode = DatabaseInitializationMode.valueOf(
                    properties.jdbc().initializeSchema().name());
            boolean runs = mode == DatabaseInitializationMode.ALWAYS
                    || (mode == DatabaseInitializationMode.EMBEDDED
                            && EmbeddedDatabaseConnection.isEmbedded(dataSource));
            var settings = new DatabaseInitializationSettings();
            settings.setMode(runs ? mode : DatabaseInitializationMode.NEVER);
            // Which database it is, only a connection tells.
            settings.setSchemaLocations(
                    runs ? new PlatformPlaceholderDatabaseDriverResolver().resolveAll(dataSource, SCRIPT) : List.of());
            // Another process may make the table at the same moment.
            settings.setContinueOnError(true);
            return new DataSourceScriptDatabaseInitializer(dataSource, settings);
        }
    }
}
