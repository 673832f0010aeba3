using Gain.CompilerServices;
using Gain.Mail;
using Gain.Rings;

namespace Gain.Workers;

/// <summary>
/// The routes from one thread to the workers that it hands sockets to: their mailboxes, and how to wake them.
/// The thread posts during its turn and wakes at the turn's end, once for all that a worker was given.
/// </summary>
/// <param name="mailboxes">The mailboxes of all workers.</param>
/// <param name="targets">Their rings, where they take messages.</param>
internal sealed class HandOverRoutes(Mailbox[] mailboxes, RingTargets targets)
{
    private readonly int[] _posted = new int[mailboxes.Length];
    private readonly bool[] _isPosted = new bool[mailboxes.Length];
    private readonly bool[] _isBroken = new bool[mailboxes.Length];
    private int _postedCount;

    /// <summary>Gives a socket to a worker, which <see cref="WakeAll"/> will wake.</summary>
    /// <param name="worker">The worker's index.</param>
    /// <param name="socket">The descriptor.</param>
    /// <param name="origin">Where it was accepted.</param>
    /// <returns>False when the worker's mailbox has no room, or the worker has ended.</returns>
    public bool TryPost(int worker, int socket, Origin origin)
    {
        if (!mailboxes[worker].TryPostSocket(socket, origin))
        {
            return false;
        }

        if (!_isPosted[worker])
        {
            _isPosted[worker] = true;
            _posted[_postedCount++] = worker;
        }

        return true;
    }

    /// <summary>
    /// Wakes those workers that sleep and were given something: by a message from ring to ring, which leaves
    /// with what else the ring submits, or by an eventfd.
    /// </summary>
    /// <param name="ring">The calling thread's ring.</param>
    public void WakeAll<TRing>(ref TRing ring)
        where TRing : struct, IRing
    {
        for (int i = 0; i < _postedCount; i++)
        {
            int worker = _posted[i];
            _isPosted[worker] = false;
            if (!mailboxes[worker].TakeSleeper())
            {
                continue;
            }

            if (targets[worker] >= 0 && !_isBroken[worker])
            {
                ulong data = Token.Pack(Operation.Mail, 0, 0);
                ring.PrepMessage(targets[worker], data, Token.Pack(Operation.SendMail, worker, 0));
            }
            else
            {
                mailboxes[worker].Wake();
            }
        }

        _postedCount = 0;
    }

    /// <summary>
    /// Wakes all workers whatever they do: the calling thread's ring ends without sending what was prepared.
    /// </summary>
    public void WakeByEvents() => Array.ForEach(mailboxes, static mailbox => mailbox.Wake());

    /// <summary>A message was not sent: the worker is woken by its eventfd, now and from now on.</summary>
    /// <param name="worker">The worker's index.</param>
    public void HandleUnsent(int worker)
    {
        _isBroken[worker] = true;
        mailboxes[worker].Wake();
    }
}
