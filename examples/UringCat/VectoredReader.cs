using System.Runtime.InteropServices;
using Gain.Uring;
using Gain.UringFiles;

namespace Gain.UringCat;

/// <summary>Reads several pieces of memory with each operation.</summary>
internal sealed unsafe class VectoredReader : IFileReader
{
    private const int PieceBytes = 16 << 10;
    private const int Pieces = 8;

    private readonly Ring _ring;

    // SAFETY: this object's memory; the kernel writes to it only during CopyTo, which waits for each read.
    private readonly byte* _memory = (byte*)NativeMemory.Alloc(Pieces, PieceBytes);
    private readonly IoVector* _vectors =
        (IoVector*)NativeMemory.Alloc(Pieces, (nuint)sizeof(IoVector));

    public VectoredReader(Ring ring)
    {
        _ring = ring;
        for (int i = 0; i < Pieces; i++)
        {
            _vectors[i] = new IoVector(_memory + (i * PieceBytes), PieceBytes);
        }
    }

    public void CopyTo(string file, RingOutput output)
    {
        int descriptor = _ring.Open(file);
        try
        {
            ulong offset = 0;
            while (true)
            {
                RingSteps.Next(_ring).PrepReadv(descriptor, _vectors, Pieces, offset);
                int bytes = _ring.Complete($"read {file}");
                if (bytes == 0)
                {
                    return;
                }

                // The pieces are filled in order, and follow each other.
                output.Write(new ReadOnlySpan<byte>(_memory, bytes));
                offset += (ulong)bytes;
            }
        }
        finally
        {
            _ring.Close(descriptor);
        }
    }

    public void Dispose()
    {
        NativeMemory.Free(_memory);
        NativeMemory.Free(_vectors);
    }
}
