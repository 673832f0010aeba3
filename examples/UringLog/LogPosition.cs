namespace Gain.UringLog;

/// <summary>Where the log goes on.</summary>
/// <param name="Offset">The place of the next group, a multiple of the block size.</param>
/// <param name="Sequence">The number of the next record.</param>
/// <param name="Checksum">That of the group before, which the next one repeats.</param>
internal readonly record struct LogPosition(long Offset, long Sequence, uint Checksum);
