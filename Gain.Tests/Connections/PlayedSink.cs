using Gain.Kernel;
using Gain.Rings;

namespace Gain.Tests.Connections;

/// <summary>A socket that takes datagrams as it is told to.</summary>
internal readonly unsafe struct PlayedSink(PlayedSink.Script script) : IDatagramSink
{
    int IDatagramSink.SendDatagrams(int socket, mmsghdr* messages, int count)
    {
        script.Calls++;
        if (script.Results.TryDequeue(out int result) && result < 0)
        {
            return result;
        }

        int taken = result == 0 ? count : Math.Min(result, count);
        for (int i = 0; i < taken; i++)
        {
            ref msghdr header = ref messages[i].msg_hdr;
            string name = Text(header.msg_name, (int)header.msg_namelen);
            byte[] data = new ReadOnlySpan<byte>(
                header.msg_iov->iov_base, (int)header.msg_iov->iov_len).ToArray();
            int segment = SegmentOf(in header);
            if (segment != 0 && script.RefusesRuns)
            {
                return i == 0 ? -Errno.EINVAL : i;
            }

            script.Messages++;
            int step = segment == 0 ? data.Length + 1 : segment;
            for (int from = 0; from == 0 || from < data.Length; from += step)
            {
                int end = Math.Min(data.Length, from + step);
                script.Taken.Add((name, data[from..end]));
            }
        }

        return taken;
    }

    // UDP_SEGMENT is the last piece of the control data.
    private static int SegmentOf(in msghdr header)
    {
        if (header.msg_controllen == 0)
        {
            return 0;
        }

        var last = (cmsghdr*)((byte*)header.msg_control + header.msg_controllen - 24);
        bool isSegment =
            last->cmsg_type == SocketAbi.UDP_SEGMENT && last->cmsg_level == SocketAbi.IPPROTO_UDP;
        return isSegment ? *(ushort*)(last + 1) : 0;
    }

    private static string Text(void* bytes, int length) =>
        System.Text.Encoding.ASCII.GetString(new ReadOnlySpan<byte>(bytes, length));

    /// <summary>What it is told, and what it took.</summary>
    internal sealed class Script
    {
        /// <summary>
        /// What the next calls return: how many messages they take at most, or a negative errno. Without one,
        /// all are taken.
        /// </summary>
        public Queue<int> Results { get; } = new();

        public bool RefusesRuns { get; set; }

        public int Calls { get; set; }

        public int Messages { get; set; }

        public List<(string Name, byte[] Data)> Taken { get; } = [];
    }
}
