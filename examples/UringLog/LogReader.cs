using Microsoft.Win32.SafeHandles;

namespace Gain.UringLog;

/// <summary>Reads a log up to where it stops being whole, which is where a crash left it.</summary>
internal static class LogReader
{
    /// <summary>
    /// The records that a group can have at most, so that a damaged length takes no memory.
    /// </summary>
    private const int MaxGroupBytes = 64 << 20;

    /// <summary>Reads all.</summary>
    /// <param name="path">The log; none is an empty one.</param>
    /// <param name="end">Where it goes on.</param>
    internal static List<LogRecord> Read(string path, out LogPosition end)
    {
        end = default;
        List<LogRecord> records = [];
        if (!File.Exists(path))
        {
            return records;
        }

        using SafeFileHandle file = File.OpenHandle(path, share: FileShare.ReadWrite);
        byte[] head = new byte[LogFormat.HeadBytes];
        while (RandomAccess.Read(file, head, end.Offset) == head.Length)
        {
            int bytes = LogFormat.ReadHead(head, in end);
            if (bytes is < 0 or > MaxGroupBytes)
            {
                break;
            }

            byte[] group = new byte[LogFormat.HeadBytes + bytes];
            if (!ReadAll(file, group, end.Offset) || !LogFormat.TryRead(group, in end, records, out end))
            {
                break;
            }
        }

        return records;
    }

    private static bool ReadAll(SafeFileHandle file, Span<byte> memory, long offset)
    {
        while (!memory.IsEmpty)
        {
            int count = RandomAccess.Read(file, memory, offset);
            if (count == 0)
            {
                return false;
            }

            memory = memory[count..];
            offset += count;
        }

        return true;
    }
}
