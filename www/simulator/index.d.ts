// Only for the type checker: web servers serve the simulator itself from this folder, for the try-out mode.
export * from "../../simulator/index.js";
