namespace Gain.Tls;

/// <summary>A ticket that is kept; free where there is no session.</summary>
/// <param name="Target">Whose it is.</param>
/// <param name="Session">The SSL_SESSION, of which this is a reference; 0 for none.</param>
/// <param name="Number">Which of all that came it is: the lowest is the oldest.</param>
/// <param name="ExpiresMs">Until when it may be used.</param>
internal readonly record struct ResumptionEntry(
    ResumptionTarget Target, nint Session, long Number, long ExpiresMs);
