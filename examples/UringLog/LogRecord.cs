namespace Gain.UringLog;

/// <summary>A record of the log.</summary>
/// <param name="Sequence">Its number, from 0 on, without gaps.</param>
/// <param name="Data">What was appended.</param>
internal sealed record LogRecord(long Sequence, byte[] Data);
