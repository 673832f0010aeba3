using Gain.Kernel;
using Gain.Uring;

namespace Gain.Testing.Rings;

/// <remarks>Operations: how they are prepared, run and end.</remarks>
internal sealed partial class TestKernel
{
    public void PrepAccept(int descriptor, ulong userData, bool takesOne)
    {
        var listener = (TestListener)Find(descriptor);
        Prepare(listener.Accept, userData);
        listener.Accept.TakesOne = takesOne;
    }

    public void PrepReceive(int descriptor, ulong userData) =>
        Prepare(SocketOf(descriptor).Receive, userData);

    public void PrepSend(int descriptor, ReadOnlySpan<iovec> pieces, ulong userData)
    {
        TestSocket socket = SocketOf(descriptor);
        Prepare(socket.Send, userData);
        socket.Send.AddPieces(pieces);
    }

    public void PrepAwaitHangUp(int descriptor, ulong userData) =>
        Prepare(SocketOf(descriptor).HangUp, userData);

    public void PrepCancel(ulong target, ulong userData) =>
        _prepared.Add(new Preparation(null, userData, target));

    public int AcceptNow(int descriptor) =>
        ((TestListener)Find(descriptor)).Backlog.TryDequeue(out TestSocket? socket)
            ? socket.Descriptor = Open(socket)
            : -Errno.EAGAIN;

    public int SendNow(int descriptor, ReadOnlySpan<byte> bytes)
    {
        TestSocket socket = SocketOf(descriptor);
        if (socket.IsBroken)
        {
            return -Errno.EPIPE;
        }

        int count = Math.Min(bytes.Length, socket.Room);
        Transmit(socket, bytes[..count]);
        return count == 0 ? -Errno.EAGAIN : count;
    }

    /// <summary>The listener's accept may have something to do.</summary>
    public void RunAccept()
    {
        TestOperation accept = Listener.Accept;
        while (accept.Runs && Listener.Backlog.TryDequeue(out TestSocket? socket))
        {
            socket.Descriptor = Open(socket);
            Complete(accept, socket.Descriptor, isLast: accept.TakesOne);
        }
    }

    /// <summary>What a socket has in flight may have something to do.</summary>
    public void RunSocket(TestSocket socket)
    {
        RunReceive(socket);
        RunSend(socket);
        if (socket.HangUp.Runs && socket.IsBroken)
        {
            Complete(socket.HangUp, Libc.POLLERR | Libc.POLLHUP);
        }
    }

    private void RunReceive(TestSocket socket)
    {
        TestOperation receive = socket.Receive;
        while (receive.Runs)
        {
            if (socket.Input.Count != 0)
            {
                Receive(socket, receive);
            }
            else if (socket.IsBroken)
            {
                Complete(receive, -Errno.ECONNRESET);
            }
            else if (socket.HasFin)
            {
                Complete(receive, 0);
            }
            else
            {
                return;
            }
        }
    }

    private void Receive(TestSocket socket, TestOperation receive)
    {
        if (Buffers.IsEmpty)
        {
            Complete(receive, -Errno.ENOBUFS);
            return;
        }

        int length = Math.Min(socket.Input.Count, Buffers.Size);
        uint id = Buffers.Fill(socket.Input.Bytes[..length]);
        socket.Input.Take(length);
        uint flags = IORING_CQE.IORING_CQE_F_BUFFER | (id << IORING_CQE.IORING_CQE_BUFFER_SHIFT);
        flags |= socket.Input.Count != 0 ? IORING_CQE.IORING_CQE_F_SOCK_NONEMPTY : 0;
        Complete(receive, length, isLast: false, flags);
    }

    private void RunSend(TestSocket socket)
    {
        TestOperation send = socket.Send;
        while (send.Runs)
        {
            if (socket.IsBroken)
            {
                Complete(send, send.Done > 0 ? send.Done : -Errno.EPIPE);
                return;
            }

            int count = Math.Min(send.Rest.Length, socket.Room);
            if (count == 0)
            {
                return;
            }

            Transmit(socket, send.Rest[..count]);
            send.Done += count;
            if (send.Done == send.Length)
            {
                Complete(send, send.Done);
            }
        }
    }

    private static void Transmit(TestSocket socket, ReadOnlySpan<byte> bytes)
    {
        (socket.IsReading ? socket.Received : socket.Output).Add(bytes);
    }

    private void Prepare(TestOperation operation, ulong userData)
    {
        operation.Begin(userData);
        _inFlight.Add(userData, operation);
        _prepared.Add(new Preparation(operation, userData, 0));
    }

    private void Submit()
    {
        foreach (Preparation preparation in _prepared)
        {
            if (preparation.Operation is { } operation)
            {
                operation.IsSubmitted = true;
                Start(operation);
            }
            else
            {
                Cancel(preparation);
            }
        }

        _prepared.Clear();
    }

    private void Start(TestOperation operation)
    {
        if (operation.Socket is { } socket)
        {
            RunSocket(socket);
        }
        else
        {
            RunAccept();
        }
    }

    private void Cancel(Preparation cancel)
    {
        if (!_inFlight.TryGetValue(cancel.Target, out TestOperation? target))
        {
            _completions.Enqueue(new CompletionEntry(cancel.UserData, -Errno.ENOENT, 0));
            return;
        }

        Complete(target, target.Done > 0 ? target.Done : -Errno.ECANCELED);
        _completions.Enqueue(new CompletionEntry(cancel.UserData, 0, 0));
    }

    private void Complete(TestOperation operation, int result, bool isLast = true, uint flags = 0)
    {
        flags |= isLast ? 0 : IORING_CQE.IORING_CQE_F_MORE;
        _completions.Enqueue(new CompletionEntry(operation.UserData, result, flags));
        if (isLast)
        {
            _inFlight.Remove(operation.UserData);
            operation.End();
        }
    }
}
