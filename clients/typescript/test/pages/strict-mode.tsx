// SPDX-License-Identifier: Apache-2.0
// A page in React's StrictMode, whose development build runs each effect twice. The chat example's tests open it.
import { StrictMode, useEffect, useState } from "react";
import { createRoot } from "react-dom/client";
import { TicketWebSocket } from "../../src/index.js";

const { kind = "", url = "" } = Object.fromEntries(new URLSearchParams(location.search));

/** The socket is made with the component, and opened by the effect. */
function Kept() {
  const [socket] = useState(() => new TicketWebSocket(url));
  const [state, setState] = useState("connecting");
  useEffect(() => {
    document.body.dataset.effects += "+";
    socket.onopen = () => setState("open");
    socket.open();
    return () => socket.close();
  }, [socket]);
  return <p>{state}</p>;
}

/** The socket is made by the effect, and a signal ends it. */
function MadeInTheEffect() {
  const [state, setState] = useState("connecting");
  useEffect(() => {
    document.body.dataset.effects += "+";
    const life = new AbortController();
    const socket = new TicketWebSocket(url);
    socket.onopen = () => setState("open");
    socket.open({ signal: life.signal });
    return () => life.abort();
  }, []);
  return <p>{state}</p>;
}

function Page() {
  const [shown, setShown] = useState(true);
  return (
    <>
      <button type="button" onClick={() => setShown(false)}>
        Leave
      </button>
      {shown ? kind === "kept" ? <Kept /> : <MadeInTheEffect /> : <p>gone</p>}
    </>
  );
}

document.body.dataset.effects = "";
const root = document.body.appendChild(document.createElement("div"));
root.id = "react";
createRoot(root).render(
  <StrictMode>
    <Page />
  </StrictMode>,
);
