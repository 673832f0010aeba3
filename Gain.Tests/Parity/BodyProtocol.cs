using System.Buffers.Binary;

namespace Gain.Tests.Parity;

/// <summary>Answers bodies that have their length in front: the code in docs/parity.md.</summary>
[GainProtocol]
internal partial struct BodyProtocol
{
    private const int HeaderBytes = 2;

    private static int OnRead(Connection connection, ReadOnlySpan<byte> data)
    {
        int consumed = 0;
        while (data.Length - consumed >= HeaderBytes)
        {
            // Peek: looking consumes nothing.
            int length = BinaryPrimitives.ReadUInt16LittleEndian(data[consumed..]);
            if (data.Length - consumed < HeaderBytes + length)
            {
                break;
            }

            // Next: a slice, and no copy.
            ReadOnlySpan<byte> body = data.Slice(consumed + HeaderBytes, length);
            connection.Send(body);
            consumed += HeaderBytes + length;
        }

        // Discard: so much is done with, and the rest comes again, in front of what follows.
        return consumed;
    }
}
