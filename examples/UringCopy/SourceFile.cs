using Gain.Uring;
using Gain.UringFiles;

namespace Gain.UringCopy;

/// <summary>The file to copy, open. Only regular files: of others nobody knows what a copy is.</summary>
internal sealed class SourceFile : IDisposable
{
    private const int BlockUnit = 512;

    private readonly Ring _ring;

    /// <exception cref="IOException">The file does not exist, or is not a regular file.</exception>
    public SourceFile(Ring ring, string path)
    {
        _ring = ring;

        // Before the open too: that of a pipe waits for somebody to write.
        FileKind.RequireRegular(
            ring.StatusOf(path) ?? throw new IOException($"{path} does not exist."), path);
        Descriptor = ring.Open(path);
        try
        {
            Status = ring.StatusOf(Descriptor, path);
            FileKind.RequireRegular(Status, path);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public int Descriptor { get; }

    public FileStatus Status { get; }

    /// <summary>Its size in bytes; null when it does not tell, as those of /proc do not.</summary>
    public long? Size => Status.SizeBytes > 0 ? (long)Status.SizeBytes : null;

    /// <summary>Whether it has holes, which read as zeroes.</summary>
    public bool HasHoles => Status.Blocks * BlockUnit < Status.SizeBytes;

    public void Dispose() => _ring.Close(Descriptor);
}
