using Gain.Proxy.Configuration;

namespace Gain.Proxy.Listening;

/// <summary>A listener that is open.</summary>
/// <param name="Section">What the file said of it when it was opened.</param>
/// <param name="Entrance">Where its clients are led.</param>
/// <param name="Name">What the server calls it.</param>
/// <param name="Tag">The tag of its connections.</param>
internal sealed record OpenListener(
    ListenerSection Section, Entrance Entrance, string Name, byte Tag = EntranceTable.OfStart);
