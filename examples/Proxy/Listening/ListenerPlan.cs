namespace Gain.Proxy.Listening;

/// <summary>What another file makes of the listeners.</summary>
/// <param name="Places">For each of its listeners the one that is open; null for one to be added.</param>
/// <param name="Likes">For each that is to be added, the address of the start that it is served like.</param>
/// <param name="Gone">Those that it does not name.</param>
internal sealed record ListenerPlan(OpenListener?[] Places, string?[] Likes, OpenListener[] Gone);
