using System.Buffers.Binary;

namespace Gain.Tests.Simulation.Layered;

/// <summary>
/// The records of the simulated layer: a kind, a length in two bytes, so many bytes that are hidden by a
/// key and their place in the order, and four that tell when any of it is wrong.
/// </summary>
internal static class LayerRecord
{
    public const int HeaderBytes = 3;

    public const int CheckBytes = 4;

    public const int Overhead = HeaderBytes + CheckBytes;

    /// <summary>The most that one carries.</summary>
    public const int MaxBody = 16_320;

    /// <summary>Makes the next record of one end.</summary>
    public static byte[] Make(RecordKind kind, ReadOnlySpan<byte> body, ulong key, ref uint sequence)
    {
        var record = new byte[Overhead + body.Length];
        record[0] = (byte)kind;
        BinaryPrimitives.WriteUInt16BigEndian(record.AsSpan(1), (ushort)body.Length);
        Span<byte> hidden = record.AsSpan(HeaderBytes, body.Length);
        body.CopyTo(hidden);
        Hide(hidden, key, sequence);
        uint check = Check(record.AsSpan(0, HeaderBytes + body.Length), key, sequence++);
        BinaryPrimitives.WriteUInt32BigEndian(record.AsSpan(HeaderBytes + body.Length), check);
        return record;
    }

    /// <summary>How long the record at the front of some bytes is; 0 where they do not tell yet.</summary>
    public static int LengthOf(ReadOnlySpan<byte> bytes) => bytes.Length < HeaderBytes
        ? 0
        : Overhead + BinaryPrimitives.ReadUInt16BigEndian(bytes[1..]);

    /// <summary>Reads the next record of one end, in place.</summary>
    /// <returns>False when it is not that, or was changed.</returns>
    public static bool TryOpen(
        Span<byte> record, ulong key, ref uint sequence, out RecordKind kind, out Span<byte> body)
    {
        kind = (RecordKind)record[0];
        body = record[HeaderBytes..^CheckBytes];
        uint check = Check(record[..^CheckBytes], key, sequence);
        if (check != BinaryPrimitives.ReadUInt32BigEndian(record[^CheckBytes..]))
        {
            return false;
        }

        Hide(body, key, sequence++);
        return true;
    }

    private static void Hide(Span<byte> bytes, ulong key, uint sequence)
    {
        var stream = new byte[bytes.Length];
        new SimulationRandom(key + (sequence * 0x1_0000_0001UL)).Fill(stream);
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] ^= stream[i];
        }
    }

    private static uint Check(ReadOnlySpan<byte> bytes, ulong key, uint sequence)
    {
        ulong hash = key ^ sequence;
        foreach (byte one in bytes)
        {
            hash = (hash ^ one) * 0x0000_0100_0000_01B3;
        }

        return (uint)(hash ^ (hash >> 32));
    }
}
