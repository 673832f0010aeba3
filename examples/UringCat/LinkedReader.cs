using System.Runtime.InteropServices;
using Gain.Uring;

namespace Gain.UringCat;

/// <summary>
/// Opens, reads and closes with one submission: a chain, each link of which starts when the one before it is
/// over. The file is never a descriptor, but a registered file.
/// </summary>
internal sealed unsafe class LinkedReader(Ring ring) : IFileReader
{
    private const int PieceBytes = 64 << 10;
    private const int Pieces = 16;

    // What the completions carry: reads carry their piece.
    private const ulong OpenToken = 100;
    private const ulong CloseToken = 101;

    private readonly FixedFiles _files = ring.RegisterFilesSparse(1);

    // SAFETY: this object's memory; the kernel writes to it only during CopyTo, which waits for each chain.
    private readonly byte* _memory = (byte*)NativeMemory.Alloc(Pieces, PieceBytes);

    public void CopyTo(string file, Stream output)
    {
        long size = ring.SizeOf(file);
        byte* path = (byte*)Marshal.StringToCoTaskMemUTF8(file);
        try
        {
            // A chain for each 1 MiB; a file of no size has one, which opens and closes it.
            long offset = 0;
            do
            {
                int bytes = (int)Math.Min(size - offset, Pieces * PieceBytes);
                Prepare(path, offset, bytes);
                Complete(file, bytes);
                output.Write(new ReadOnlySpan<byte>(_memory, bytes));
                offset += bytes;
            }
            while (offset < size);
        }
        finally
        {
            Marshal.FreeCoTaskMem((nint)path);
        }
    }

    public void Dispose()
    {
        NativeMemory.Free(_memory);
        _files.Dispose();
    }

    private void Prepare(byte* path, long offset, int bytes)
    {
        SubmissionEntry open = RingSteps.Next(ring);
        open.PrepOpenDirect(path, 0, 0, fileIndex: 0);
        open.UserData = OpenToken;
        open.Flags = SubmissionFlags.Link;

        // When the open fails, all the rest is cancelled. Reads are tied harder, so that the close comes
        // after them whatever they say.
        for (int start = 0; start < bytes; start += PieceBytes)
        {
            SubmissionEntry read = RingSteps.Next(ring);
            uint length = (uint)Math.Min(bytes - start, PieceBytes);
            read.PrepRead(0, _memory + start, length, (ulong)(offset + start));
            read.UserData = (ulong)(start / PieceBytes);
            read.Flags = SubmissionFlags.FixedFile | SubmissionFlags.HardLink;
        }

        SubmissionEntry close = RingSteps.Next(ring);
        close.PrepCloseDirect(0);
        close.UserData = CloseToken;
    }

    private void Complete(string file, int bytes)
    {
        int expected = 2 + ((bytes + PieceBytes - 1) / PieceBytes);
        string? error = null;
        while (expected > 0)
        {
            ring.SubmitAndWait((uint)expected, timeoutNs: -1);
            foreach (ref readonly CompletionEntry completion in ring.TakeCompletions())
            {
                expected--;
                error ??= Explain(in completion, file, bytes);
            }
        }

        if (error is not null)
        {
            throw new IOException(error);
        }
    }

    // What comes after a link that failed is cancelled; the first error is the one that counts.
    private static string? Explain(in CompletionEntry completion, string file, int bytes)
    {
        if (completion.Error is { } error)
        {
            return completion.UserData == OpenToken
                ? $"Cannot open {file}: {error}."
                : $"Cannot read {file}: {error}.";
        }

        bool isRead = completion.UserData < Pieces;
        int wanted = Math.Min(bytes - ((int)completion.UserData * PieceBytes), PieceBytes);
        return isRead && completion.Result != wanted ? $"Cannot read {file}: it became shorter." : null;
    }
}
