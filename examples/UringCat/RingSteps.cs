using System.Runtime.InteropServices;
using Gain.Uring;

namespace Gain.UringCat;

/// <summary>Single operations that are waited for.</summary>
internal static unsafe class RingSteps
{
    private const int CloseOnExec = 0x80000;
    private const uint SizeOnly = 0x200;

    /// <summary>Opens a file for reading; the descriptor is the caller's to close.</summary>
    public static int Open(this Ring ring, string file)
    {
        // SAFETY: the kernel has read the path when the operation has completed.
        byte* path = (byte*)Marshal.StringToCoTaskMemUTF8(file);
        try
        {
            Next(ring).PrepOpen(path, CloseOnExec, 0);
            return ring.Complete($"open {file}");
        }
        finally
        {
            Marshal.FreeCoTaskMem((nint)path);
        }
    }

    /// <summary>
    /// The size of a file in bytes; it can be 0 for files whose size the kernel does not know.
    /// </summary>
    public static long SizeOf(this Ring ring, string file)
    {
        // SAFETY: as in Open; the status is on this frame until the operation has completed.
        byte* path = (byte*)Marshal.StringToCoTaskMemUTF8(file);
        try
        {
            FileStatus status;
            Next(ring).PrepStatx(SubmissionEntry.CurrentDirectory, path, 0, SizeOnly, &status);
            ring.Complete($"open {file}");
            return (long)status.SizeBytes;
        }
        finally
        {
            Marshal.FreeCoTaskMem((nint)path);
        }
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
    public static int Complete(this Ring ring, string what)
    {
        ring.Submit();
        CompletionEntry completion;
        while (!ring.WaitForCompletion(out completion, timeoutNs: -1))
        {
            // A signal came; the wait goes on.
        }

        ring.AdvanceCompletions(1);
        return completion.Error is { } error
            ? throw new IOException($"Cannot {what}: {error}.")
            : completion.Result;
    }
}
