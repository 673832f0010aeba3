using System.Runtime.InteropServices;
using Gain.Kernel;
using Gain.Uring;

namespace Gain.Bench.RingCases;

/// <summary>64 bytes to and fro between two sockets: a send and a receive, submitted together.</summary>
internal sealed unsafe partial class PingPongCase : IRingCase
{
    private const int MessageBytes = 64;

    private readonly Ring _ring = RingWork.CreateRing();

    // SAFETY: this object's memory; nothing is in flight between two runs.
    private readonly byte* _sent = (byte*)NativeMemory.AllocZeroed(2 * MessageBytes);
    private readonly int[] _ends = new int[2];

    public PingPongCase()
    {
        if (SocketPair(SocketAbi.AF_UNIX, SocketAbi.SOCK_STREAM | SocketAbi.SOCK_CLOEXEC, 0, _ends) != 0)
        {
            throw new BenchException("The kernel gave no pair of sockets.");
        }
    }

    public void Run(int operations)
    {
        byte* received = _sent + MessageBytes;
        for (int done = 0; done < operations; done++)
        {
            int from = _ends[done & 1];
            int to = _ends[(done & 1) ^ 1];
            SubmissionEntry receive = RingWork.Next(_ring);
            receive.PrepRecv(to, received, MessageBytes, 0);
            receive.UserData = 1;
            SubmissionEntry send = RingWork.Next(_ring);
            send.PrepSend(from, _sent, MessageBytes, SocketAbi.MSG_NOSIGNAL);
            send.UserData = 2;
            int seen = 0;
            while (seen < 2)
            {
                RingWork.Submit(_ring, (uint)(2 - seen));
                seen += RingWork.Take(_ring, MessageBytes);
            }
        }
    }

    public void Dispose()
    {
        _ring.Dispose();
        _ = Libc.Close(_ends[0]);
        _ = Libc.Close(_ends[1]);
        NativeMemory.Free(_sent);
    }

    [LibraryImport("libc", EntryPoint = "socketpair")]
    private static partial int SocketPair(int domain, int type, int protocol, int[] ends);
}
