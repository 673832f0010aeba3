using Gain.Uring;
using Gain.UringFiles;

namespace Gain.UringCat;

/// <summary>
/// Reads into a registered buffer, whose pages the kernel need not look up. Nothing is unsafe.
/// </summary>
internal sealed class FixedReader(Ring ring) : IFileReader
{
    private const int BufferBytes = 128 << 10;

    private readonly FixedBuffers _buffers = ring.RegisterBuffers(1, BufferBytes);

    public void CopyTo(string file, RingOutput output)
    {
        int descriptor = ring.Open(file);
        try
        {
            ulong offset = 0;
            while (true)
            {
                RingSteps.Next(ring).PrepReadFixed(descriptor, _buffers, 0, 0, BufferBytes, offset);
                int bytes = ring.Complete($"read {file}");
                if (bytes == 0)
                {
                    return;
                }

                output.Write(_buffers.Span(0)[..bytes]);
                offset += (ulong)bytes;
            }
        }
        finally
        {
            ring.Close(descriptor);
        }
    }

    public void Dispose() => _buffers.Dispose();
}
