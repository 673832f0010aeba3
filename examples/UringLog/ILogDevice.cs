namespace Gain.UringLog;

/// <summary>
/// What the log writes to, one group at a time; used by one thread. The seam at which tests inject faults.
/// </summary>
internal interface ILogDevice : IDisposable
{
    /// <summary>Where the next group is put together. The device's own, until it is disposed of.</summary>
    Span<byte> Buffer { get; }

    /// <summary>Writes the start of the buffer to the file and waits until it is on the device.</summary>
    /// <param name="length">The bytes, in whole blocks.</param>
    /// <param name="offset">Where to, in whole blocks.</param>
    /// <exception cref="LogFailedException">It is not known what is there now.</exception>
    void Write(int length, long offset);
}
