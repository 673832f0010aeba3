using Gain.CompilerServices;
using Gain.Mail;
using Gain.Rings;
using Gain.Sockets;

namespace Gain.Workers;

/// <summary>A worker's socket at one of the server's addresses, which it owns, and the state of it.</summary>
internal struct Listener(int fd, bool isDatagram, bool isShared = false)
{
    /// <summary>
    /// The most that a stop takes in from its queue, which is no longer: clients that go on connecting do not
    /// keep the stop from its next step.
    /// </summary>
    public const int MaxTakenInAtStop = 1 << 16;

    public int Fd = fd;

    /// <summary>Datagrams arrive on it, and not connections.</summary>
    public readonly bool IsDatagram = isDatagram;

    /// <summary>The other workers have descriptors of the same socket.</summary>
    public readonly bool IsShared = isShared;

    /// <summary>Somebody else has the socket as well, and serves who waits at it after this server.</summary>
    public bool IsPassed;

    /// <summary>It accepts, or receives datagrams, no more: for good.</summary>
    public bool IsEnding;

    /// <summary>Those who waited in its queue when it was stopped, or the server, and were taken
    /// in.</summary>
    public int TakenInAtStop;

    /// <summary>What its connections have to be given; null for nothing.</summary>
    public AcceptedSocketOptions? Adjustments;

    /// <summary>The accept, or receive, is in flight.</summary>
    public bool IsArmed;

    /// <summary>Which of the server's addresses it is for.</summary>
    public byte Address;

    /// <summary>What it was given when it was added.</summary>
    public byte Tag;

    /// <summary>What its connections are told apart by.</summary>
    public readonly Origin Origin => new(Address, Tag);

    /// <summary>What was accepted sooner than the rate allows, and waits for its moment; -1 for
    /// nothing.</summary>
    public int Early = -1;

    /// <summary>The moment, in milliseconds of the thread's clock.</summary>
    public long EarlyUntilMs;

    /// <summary>Closes it, if that was not done. Nothing on it may be in flight, but where the ring
    /// ends.</summary>
    /// <param name="ring">The thread's ring.</param>
    public void Close<TRing>(ref TRing ring)
        where TRing : struct, IRing
    {
        if (Fd >= 0)
        {
            ring.Close(Fd);
            Fd = -1;
        }
    }

    /// <summary>
    /// Prepares its accept, unless another thread has the socket, or one that it has accepted has to wait.
    /// </summary>
    /// <param name="ring">The thread's ring.</param>
    /// <param name="index">The listener's place among the thread's.</param>
    /// <param name="takesOne">
    /// Whether it is for one connection: where the rate is limited, the others wait in the listen queue.
    /// </param>
    public void ArmAccept<TRing>(ref TRing ring, int index, bool takesOne)
        where TRing : struct, IRing
    {
        if (Fd < 0 || Early >= 0)
        {
            return;
        }

        IsArmed = true;
        ulong token = Token.Pack(Operation.Accept, index, 0);
        if (IsShared || takesOne)
        {
            ring.PrepAcceptOne(Fd, token);
        }
        else
        {
            ring.PrepAccept(Fd, token);
        }
    }
}
