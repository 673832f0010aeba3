namespace Gain.Hosting;

/// <summary>A connection that has closed, of which a span is to be made.</summary>
/// <param name="Trace">Its beginning.</param>
/// <param name="Ended">Its end, in ticks of UTC.</param>
/// <param name="Reason">Why it ended.</param>
internal readonly record struct EndedTrace(ConnectionTrace Trace, long Ended, CloseReason Reason);
