namespace Gain.Workers;

/// <summary>What a worker, or the acceptor, is busy with.</summary>
/// <param name="Thread">Which it is, as in "worker 0".</param>
/// <param name="Code">Whose code it is in: the name of the protocol or the balancer.</param>
/// <param name="Peer">Whom that serves, or that nobody knows.</param>
internal readonly record struct Occupation(string Thread, string Code, string Peer);
