namespace Gain;

/// <summary>
/// The path of a Unix socket that datagrams are sent to. It is a type of its own, so that path and data
/// cannot be swapped by mistake. It is valid as long as the memory that it was made from.
/// </summary>
public readonly ref struct UnixPath
{
    /// <summary>Names a socket.</summary>
    /// <param name="bytes">
    /// The path as the kernel takes it, at most 107 bytes; one that begins with a zero byte is an abstract
    /// name. It is not copied.
    /// </param>
    [AllocationFree]
    public UnixPath(ReadOnlySpan<byte> bytes) => Bytes = bytes;

    /// <summary>The path as the kernel takes it; empty for the default value.</summary>
    [AllocationFree]
    public ReadOnlySpan<byte> Bytes { get; }
}
