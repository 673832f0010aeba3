namespace Gain.Bench.Peering;

/// <summary>Gain's programs in the race, published with NativeAOT.</summary>
/// <param name="Cli">examples/Cli.</param>
/// <param name="Sessions">Gain.Bench/Sessions.</param>
/// <param name="Secure">Gain.Bench/Secure.</param>
/// <param name="Resp">The store of docs/protocols.md.</param>
internal sealed record OwnPrograms(string Cli, string Sessions, string Secure, string Resp);
