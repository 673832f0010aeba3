namespace Gain.Bench.Peering;

/// <summary>A server as the file names it.</summary>
/// <param name="Name">As in the tables.</param>
/// <param name="What">What it is.</param>
/// <param name="Version">Of what it is made of.</param>
internal sealed record PeerEntry(string Name, string What, string Version);
