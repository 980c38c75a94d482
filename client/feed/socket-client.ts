/** The one thing we use of the library, in a file of its own so that it loads beside the widget, not before it. */
export { io } from "socket.io-client";
