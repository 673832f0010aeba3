using System.Runtime.InteropServices;
using Gain.Uring;

namespace Gain.UringFiles;

/// <summary>Single operations on files that are waited for; both examples use them.</summary>
internal static unsafe class RingSteps
{
    private const int CloseOnExec = 0x80000;
    private const int EmptyPath = 0x1000;
    private const uint BasicStatus = 0x7FF;

    /// <summary>Opens a file; the descriptor is the caller's to close.</summary>
    /// <param name="ring">The ring.</param>
    /// <param name="file">The path.</param>
    /// <param name="flags">O_* flags; 0 is for reading.</param>
    /// <param name="mode">The permissions of a file that is made.</param>
    public static int Open(this Ring ring, string file, int flags = 0, uint mode = 0)
    {
        using var path = new NativePath(file);
        Next(ring).PrepOpenat(SubmissionEntry.CurrentDirectory, path.Text, flags | CloseOnExec, mode);
        return ring.Complete($"open {file}");
    }

    /// <summary>What a path leads to, through symbolic links; null when there is nothing.</summary>
    public static FileStatus? StatusOf(this Ring ring, string file)
    {
        const int notFound = -2;
        using var path = new NativePath(file);

        // SAFETY: the status is on this frame until the operation has completed.
        FileStatus status;
        Next(ring).PrepStatx(SubmissionEntry.CurrentDirectory, path.Text, 0, BasicStatus, &status);
        int result = ring.Finish();
        return result == notFound ? null : Checked(result, $"open {file}") == 0 ? status : null;
    }

    /// <summary>What an open file is.</summary>
    public static FileStatus StatusOf(this Ring ring, int descriptor, string file)
    {
        using var path = new NativePath("");

        // SAFETY: as above.
        FileStatus status;
        Next(ring).PrepStatx(descriptor, path.Text, EmptyPath, BasicStatus, &status);
        ring.Complete($"open {file}");
        return status;
    }

    public static void Close(this Ring ring, int descriptor)
    {
        Next(ring).PrepClose(descriptor);
        ring.Complete("close a file");
    }

    public static SubmissionEntry Next(Ring ring) =>
        ring.TryGetEntry(out SubmissionEntry entry)
            ? entry
            : throw new InvalidOperationException("More entries were prepared than the ring has.");

    /// <summary>Submits the one operation that is prepared, and waits for its result.</summary>
    /// <exception cref="IOException">The result is an error.</exception>
    public static int Complete(this Ring ring, string what) => Checked(ring.Finish(), what);

    /// <summary>As <see cref="Complete"/>; an error is the result, a negated errno.</summary>
    public static int Finish(this Ring ring)
    {
        ring.Submit();
        CompletionEntry completion;
        while (!ring.WaitForCompletion(out completion, timeoutNs: -1))
        {
            // A signal came; the wait goes on.
        }

        ring.AdvanceCompletions(1);
        return completion.Result;
    }

    /// <exception cref="IOException">The result is an error.</exception>
    public static int Checked(int result, string what) =>
        new CompletionEntry(0, result, 0).Error is { } error
            ? throw new IOException($"Cannot {what}: {error}.")
            : result;

    /// <summary>A path as the kernel takes it, which has read it when the operation has completed.</summary>
    internal readonly ref struct NativePath(string path) : IDisposable
    {
        // SAFETY: this value's memory until it is disposed of.
        public byte* Text { get; } = (byte*)Marshal.StringToCoTaskMemUTF8(path);

        public void Dispose() => Marshal.FreeCoTaskMem((nint)Text);
    }
}
