using Gain.Uring;
using Gain.UringFiles;

namespace Gain.UringCat;

/// <summary>Standard output, written by the ring.</summary>
internal sealed unsafe class RingOutput(Ring ring)
{
    private const int StandardOutput = 1;
    private const int BrokenPipe = -32;

    // Where the descriptor stands, as of write(2): after what other programs wrote to it.
    private const ulong CurrentPosition = ulong.MaxValue;

    /// <exception cref="OutputException">It takes no more.</exception>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        // SAFETY: each write is waited for.
        fixed (byte* start = bytes)
        {
            for (int done = 0; done < bytes.Length;)
            {
                RingSteps.Next(ring).PrepWrite(
                    StandardOutput, start + done, (uint)(bytes.Length - done), CurrentPosition);
                int result = ring.Finish();
                if (result <= 0)
                {
                    string reason = new CompletionEntry(0, result, 0).Error ?? "it took no bytes";
                    throw new OutputException(
                        $"Cannot write to standard output: {reason}.", result == BrokenPipe);
                }

                done += result;
            }
        }
    }
}
