namespace Gain.Tests.Simulation;

/// <summary>A socket of the worker's that does not connect yet.</summary>
internal sealed class SimulatedDial;
