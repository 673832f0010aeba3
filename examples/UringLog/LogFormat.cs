using System.Buffers.Binary;
using System.Numerics;

namespace Gain.UringLog;

/// <summary>
/// How a group of records lies in the file: a head, then each record with its length in front, then zeros up
/// to the next block. Nothing that is durable is ever written again, so that no torn write can damage it.
/// </summary>
/// <remarks>
/// <code>
/// 0  magic         4   "UWAL"
/// 4  checksum      4   CRC-32C of all that follows, up to the last record
/// 8  bytes         4   of the records, their lengths included
/// 12 count         4   records
/// 16 sequence      8   of the first record
/// 24 before        4   the checksum of the group before; of the first, 0
/// 28 zero          4
/// 32 length, data      of each record
/// </code>
/// Numbers are little-endian. A group counts when it is whole, goes on with the numbers, and repeats the
/// checksum of the group before: bytes that an earlier run left behind the end do not belong to this log.
/// </remarks>
internal static class LogFormat
{
    internal const int BlockBytes = 4096;
    internal const int HeadBytes = 32;
    internal const int LengthBytes = 4;
    private const uint Magic = 0x4C415755;

    /// <summary>What a record takes in a group.</summary>
    internal static int SizeOf(int dataBytes) => LengthBytes + dataBytes;

    /// <summary>In whole blocks.</summary>
    internal static int Blocks(int bytes) => (bytes + BlockBytes - 1) & -BlockBytes;

    /// <summary>Adds a record.</summary>
    /// <returns>Where the next one goes.</returns>
    internal static int Add(Span<byte> group, int at, ReadOnlySpan<byte> data)
    {
        BinaryPrimitives.WriteInt32LittleEndian(group[at..], data.Length);
        data.CopyTo(group[(at + LengthBytes)..]);
        return at + SizeOf(data.Length);
    }

    /// <summary>Writes the head, and zeros up to the end of the last block.</summary>
    /// <param name="group">The group, with its records.</param>
    /// <param name="end">Where the last record ends.</param>
    /// <param name="count">Their number.</param>
    /// <param name="position">Where it goes.</param>
    /// <returns>Where the next group goes.</returns>
    internal static LogPosition Seal(Span<byte> group, int end, int count, in LogPosition position)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(group, Magic);
        BinaryPrimitives.WriteInt32LittleEndian(group[8..], end - HeadBytes);
        BinaryPrimitives.WriteInt32LittleEndian(group[12..], count);
        BinaryPrimitives.WriteInt64LittleEndian(group[16..], position.Sequence);
        BinaryPrimitives.WriteUInt32LittleEndian(group[24..], position.Checksum);
        BinaryPrimitives.WriteUInt32LittleEndian(group[28..], 0);
        uint checksum = Checksum(group[8..end]);
        BinaryPrimitives.WriteUInt32LittleEndian(group[4..], checksum);
        group[end..Blocks(end)].Clear();
        return new LogPosition(position.Offset + Blocks(end), position.Sequence + count, checksum);
    }

    /// <summary>
    /// The size of the records that a head tells of; -1 when it is not that of the next group.
    /// </summary>
    internal static int ReadHead(ReadOnlySpan<byte> head, in LogPosition position)
    {
        int bytes = BinaryPrimitives.ReadInt32LittleEndian(head[8..]);
        bool isNext = BinaryPrimitives.ReadUInt32LittleEndian(head) == Magic
            && BinaryPrimitives.ReadInt64LittleEndian(head[16..]) == position.Sequence
            && BinaryPrimitives.ReadUInt32LittleEndian(head[24..]) == position.Checksum;
        return isNext && bytes >= 0 ? bytes : -1;
    }

    /// <summary>Reads the records of a group that is whole.</summary>
    /// <returns>False when it is not.</returns>
    internal static bool TryRead(
        ReadOnlySpan<byte> group, in LogPosition position, List<LogRecord> records, out LogPosition next)
    {
        next = position;
        uint checksum = BinaryPrimitives.ReadUInt32LittleEndian(group[4..]);
        if (Checksum(group[8..]) != checksum)
        {
            return false;
        }

        int count = BinaryPrimitives.ReadInt32LittleEndian(group[12..]);
        ReadOnlySpan<byte> rest = group[HeadBytes..];
        for (int i = 0; i < count; i++)
        {
            int length = BinaryPrimitives.ReadInt32LittleEndian(rest);
            records.Add(new LogRecord(position.Sequence + i, rest.Slice(LengthBytes, length).ToArray()));
            rest = rest[SizeOf(length)..];
        }

        next = new LogPosition(position.Offset + Blocks(group.Length), position.Sequence + count, checksum);
        return true;
    }

    private static uint Checksum(ReadOnlySpan<byte> data)
    {
        uint checksum = uint.MaxValue;
        for (; data.Length >= sizeof(ulong); data = data[sizeof(ulong)..])
        {
            checksum = BitOperations.Crc32C(checksum, BinaryPrimitives.ReadUInt64LittleEndian(data));
        }

        foreach (byte value in data)
        {
            checksum = BitOperations.Crc32C(checksum, value);
        }

        return ~checksum;
    }
}
