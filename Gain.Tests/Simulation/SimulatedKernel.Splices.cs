using System.Runtime.InteropServices;
using Gain.CompilerServices;
using Gain.Kernel;
using Gain.Rings;
using Gain.Uring;

namespace Gain.Tests.Simulation;

/// <remarks>
/// Pipes, and splice(2) between them and sockets: what it moves is less than there is, or nothing at all; and
/// the waits around it, which come late as all completions do.
/// </remarks>
internal sealed partial class SimulatedKernel
{
    /// <summary>How many bytes went through pipes from socket to socket.</summary>
    public long SplicedBytes { get; private set; }

    /// <summary>How many bytes were read from pipes after all.</summary>
    public long UnsplicedBytes { get; private set; }

    public int OpenPipe(int bytes, out SplicePipe pipe)
    {
        pipe = default;
        if (Random.Chance(Faults.AcceptError))
        {
            return -Errno.EMFILE;
        }

        var made = new SimulatedPipe();
        pipe = new SplicePipe(Open(made), Open(made));
        Trace.Add($"pipe {pipe.Read}, {pipe.Write}: made for {bytes} bytes");
        return 0;
    }

    public int PrepareSplice(int descriptor)
    {
        SocketOf(descriptor).IsPrepared = true;
        return 0;
    }

    public int SpliceIn(int descriptor, SplicePipe pipe, int length)
    {
        SimulatedSocket socket = SocketOf(descriptor);
        CheckPrepared(socket);
        if (socket.Receive is not null)
        {
            throw World.Fail($"peer {socket.Peer.Id} is spliced from with a receive in flight");
        }

        if (PipeOf(pipe.Write).Bytes.Count != 0)
        {
            throw World.Fail("a pipe was filled that was not empty");
        }

        int result = TakeIn(socket, PipeOf(pipe.Write), length);
        Trace.Add($"  splice from {socket.Peer.Id}: {result}");
        if (result != -Errno.EAGAIN)
        {
            socket.Seen += Math.Max(0, result);
            socket.HasSeenEnd |= result == 0;
            socket.Served.NoteReceive(new CompletionEntry(0, result, 0));
        }

        return result;
    }

    public int SpliceOut(SplicePipe pipe, int descriptor, int length)
    {
        SimulatedSocket socket = SocketOf(descriptor);
        CheckPrepared(socket);
        List<byte> bytes = PipeOf(pipe.Read).Bytes;
        if (length > bytes.Count)
        {
            throw World.Fail($"{length} bytes of a pipe were to be moved that holds {bytes.Count}");
        }

        int sent = SendNow(descriptor, CollectionsMarshal.AsSpan(bytes)[..length]);
        sent = sent == -Errno.EINTR ? -Errno.EAGAIN : sent;
        SplicedBytes += Math.Max(0, sent);
        bytes.RemoveRange(0, Math.Max(0, sent));
        return sent;
    }

    public int ReadPipe(SplicePipe pipe, Span<byte> data)
    {
        List<byte> bytes = PipeOf(pipe.Read).Bytes;
        int count = Math.Min(data.Length, bytes.Count);
        CollectionsMarshal.AsSpan(bytes)[..count].CopyTo(data);
        bytes.RemoveRange(0, count);
        UnsplicedBytes += count;
        return count == 0 ? -Errno.EAGAIN : count;
    }

    public void PrepAwaitInput(int descriptor, ulong userData)
    {
        SimulatedSocket socket = SocketOf(descriptor);
        if (socket.Receive is not null)
        {
            throw World.Fail($"peer {socket.Peer.Id} is waited for with a receive in flight");
        }

        socket.Served.NoteReceiveArmed();
        socket.Receive = new SimulatedOperation(Operation.SpliceInput, userData) { Socket = socket };
        Prepare(socket.Receive);
    }

    public void PrepAwaitRoom(int descriptor, ulong userData)
    {
        SimulatedSocket socket = SocketOf(descriptor);
        CheckMaySend(socket);
        socket.Send = new SimulatedOperation(Operation.SpliceRoom, userData) { Socket = socket };
        Prepare(socket.Send);
    }

    private int TakeIn(SimulatedSocket socket, SimulatedPipe pipe, int length)
    {
        if (socket.Unread == 0 && (socket.HasFinArrived || socket.IsBroken))
        {
            int error = socket.PendingError;
            socket.PendingError = 0;
            return -error;
        }

        if (socket.Unread == 0 || Random.Chance(Faults.ReceiveRetry))
        {
            return -Errno.EAGAIN;
        }

        if (Random.Chance(Faults.ReceiveError))
        {
            return -FailReceive(socket);
        }

        int count = Math.Min(socket.Unread, length);
        count = Random.Chance(Faults.CutReceive) ? Random.Skewed(1, count) : count;
        pipe.Bytes.AddRange(socket.Peer.Wire.AsSpan(socket.Taken, count));
        socket.Taken += count;
        NoteProgress();
        socket.Peer.PlanArrival();
        return count;
    }

    private void RunRoom(SimulatedSocket socket, SimulatedOperation wait)
    {
        if (socket.IsBroken)
        {
            Complete(wait, Libc.POLLOUT | Libc.POLLERR | Libc.POLLHUP);
        }
        else if (socket.HasPollableRoom)
        {
            Complete(wait, Libc.POLLOUT);
        }
    }

    private void CheckPrepared(SimulatedSocket socket)
    {
        if (!socket.IsPrepared)
        {
            throw World.Fail($"peer {socket.Peer.Id} is spliced, and may make the worker wait");
        }
    }

    private SimulatedPipe PipeOf(int descriptor) =>
        Find(descriptor) as SimulatedPipe ?? throw World.Fail($"descriptor {descriptor} is no pipe");
}
