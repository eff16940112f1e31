/** Every unit test, for one run in a browser. */
import "./clock.test";
import "./continue.test";
import "./desk.test";
import "./draw.test";
import "./find.test";
import "./gain.test";
import "./lock.test";
import "./marking.test";
import "./messenger.test";
import "./offline.test";
import "./outbox.test";
import "./recorder/launch.test";
import "./recorder/pack.test";
import "./recorder/plain.test";
import "./sender.test";
import "./statements.test";
import "./store.test";
import "./takeback.test";
import "./uuid.test";
import "./way.test";
import { run } from "./testing";

Object.assign(window, { result: run() });
