namespace Gain.Workers;

/// <summary>When the kernel moves the bytes of a pair, and with what.</summary>
/// <param name="MaxPipes">The worker's pipes; 0: none, and all is copied.</param>
internal readonly record struct SpliceSettings(int MaxPipes)
{
    /// <summary>How much a pipe is to hold.</summary>
    public const int PipeBytes = 256 << 10;

    /// <summary>
    /// How many bytes have to come in full receive buffers, one after the other, before it pays.
    /// </summary>
    public int FromBytes { get; init; } = 64 << 10;

    /// <summary>The least that counts as a full buffer; 0 for the buffer's own size.</summary>
    public int FullBytes { get; init; }

    /// <summary>The least bytes at a time for which it goes on to pay.</summary>
    public int WorthBytes { get; init; } = 16 << 10;
}
