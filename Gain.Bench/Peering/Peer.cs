using System.Text.Json.Serialization;
using Gain.Bench.Racing;

namespace Gain.Bench.Peering;

/// <summary>A server beside the others.</summary>
/// <param name="Contender">How it is started.</param>
/// <param name="What">What it is, in a few words.</param>
/// <param name="Version">Of what it is made of.</param>
/// <param name="Handlers">What it serves: http, echo, or both.</param>
internal sealed record Peer(
    [property: JsonIgnore] Contender Contender, string What, string Version, string[] Handlers)
{
    public string Name => Contender.Name;

    /// <summary>Whether it can be put under a load.</summary>
    public bool Serves(LoadKind load) => Handlers.Contains(load.Handler);
}
