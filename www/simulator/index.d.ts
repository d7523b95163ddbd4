// For the type checker only: web servers put the simulator itself at this place, for the try-out mode.
export * from "../../simulator/index.js";
