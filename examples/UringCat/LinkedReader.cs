using System.Runtime.InteropServices;
using Gain.Uring;
using Gain.UringFiles;

namespace Gain.UringCat;

/// <summary>
/// Opens, reads and closes with one submission: a chain, each link of which starts when the one before it is
/// over. The file is never a descriptor, but a registered file. What is longer than a chain is opened
/// once, and read on by chains of reads.
/// </summary>
internal sealed unsafe class LinkedReader(Ring ring) : IFileReader
{
    private const int PieceBytes = 64 << 10;
    private const int Pieces = 16;

    // What the completion carries: those of reads carry their piece.
    private const ulong OpenToken = 100;

    private readonly FixedFiles _files = ring.RegisterFilesSparse(1);
    private readonly int[] _results = new int[Pieces];
    private int _opened;

    // SAFETY: this object's memory; the kernel writes to it only during CopyTo, which waits for each chain.
    private readonly byte* _memory = (byte*)NativeMemory.Alloc(Pieces, PieceBytes);

    public void CopyTo(string file, RingOutput output)
    {
        using var path = new RingSteps.NativePath(file);
        PrepareOpen(path.Text);
        PrepareReads(0);
        Collect(1 + Pieces);
        _ = RingSteps.Checked(_opened, $"open {file}");
        try
        {
            long read = 0;
            while (Write(file, output, ref read))
            {
                PrepareReads(read);
                Collect(Pieces);
            }
        }
        finally
        {
            RingSteps.Next(ring).PrepCloseDirect(0);
            ring.Complete($"close {file}");
        }
    }

    public void Dispose()
    {
        NativeMemory.Free(_memory);
        _files.Dispose();
    }

    private void PrepareOpen(byte* path)
    {
        SubmissionEntry open = RingSteps.Next(ring);
        open.PrepOpenDirect(path, 0, 0, fileIndex: 0);
        open.UserData = OpenToken;

        // When the open fails, all the rest is cancelled.
        open.Flags = SubmissionFlags.Link;
    }

    // A read that is short, as the one at the end of file, breaks the chain: those after it are cancelled.
    private void PrepareReads(long offset)
    {
        for (int i = 0; i < Pieces; i++)
        {
            SubmissionEntry read = RingSteps.Next(ring);
            read.PrepRead(0, _memory + (i * PieceBytes), PieceBytes, (ulong)(offset + (i * PieceBytes)));
            read.UserData = (ulong)i;
            read.Flags = SubmissionFlags.FixedFile;
            if (i < Pieces - 1)
            {
                read.Flags |= SubmissionFlags.Link;
            }
        }
    }

    private void Collect(int expected)
    {
        while (expected > 0)
        {
            ring.SubmitAndWait((uint)expected, timeoutNs: -1);
            foreach (ref readonly CompletionEntry completion in ring.TakeCompletions())
            {
                expected--;
                if (completion.UserData == OpenToken)
                {
                    _opened = completion.Result;
                }
                else
                {
                    _results[(int)completion.UserData] = completion.Result;
                }
            }
        }
    }

    // In the order of the file, up to the first piece that is not full; false when it was the end.
    private bool Write(string file, RingOutput output, ref long read)
    {
        for (int i = 0; i < Pieces; i++)
        {
            int bytes = RingSteps.Checked(_results[i], $"read {file}");
            output.Write(new ReadOnlySpan<byte>(_memory + (i * PieceBytes), bytes));
            read += bytes;
            if (bytes < PieceBytes)
            {
                // Short is not over: a pipe, or a file of /proc, gives less than is asked for.
                return bytes > 0;
            }
        }

        return true;
    }
}
