using Gain.Slots;

namespace Gain.Sessions;

/// <summary>
/// A connection that a session waits for. It goes back to its worker's pool when it is over and its outcome
/// was taken, in whichever order.
/// </summary>
internal sealed class SessionDial(SessionHost host) : DialWaiter
{
    private ConnectFailure _failure;
    private bool _isGivenUp;
    private bool _isUp;
    private bool _isOver;

    /// <summary>The next one of the pool.</summary>
    public SessionDial? Next { get; set; }

    /// <summary>The slot of the session that waits.</summary>
    public int Slot { get; set; }

    /// <summary>The generation of that slot.</summary>
    public uint Generation { get; set; }

    /// <summary>The connection that is dialled.</summary>
    public ConnectionHandle Handle { get; set; }

    public override bool IsCancelled => _isGivenUp;

    public override bool Complete()
    {
        if (_isGivenUp)
        {
            Free();
            return false;
        }

        _isUp = true;
        End();
        return true;
    }

    public override void Fail(ConnectFailure failure)
    {
        if (_isGivenUp)
        {
            Free();
            return;
        }

        _failure = failure;
        End();
    }

    /// <summary>The session does not wait anymore: what has come of it.</summary>
    /// <param name="isThere">Whether the session's connection is.</param>
    /// <param name="isLeft">Whether nobody has the connection: it is to be aborted.</param>
    public Connected Take(bool isThere, out bool isLeft)
    {
        ConnectionHandle handle = Handle;
        ConnectFailure failure = _failure;
        bool isUp = _isUp && isThere;
        isLeft = !isUp && (_isUp || !_isOver);
        if (_isOver)
        {
            Free();
        }
        else
        {
            _isGivenUp = true;
        }

        return isUp ? new Connected(handle)
            : new Connected(isLeft
                ? new ConnectFailure(ConnectFailureReason.Cancelled, 0, failure.Target)
                : failure);
    }

    /// <summary>It is of nobody.</summary>
    public void Free()
    {
        _failure = default;
        _isGivenUp = false;
        _isUp = false;
        _isOver = false;
        Handle = default;
        host.Pool(this);
    }

    private void End()
    {
        _isOver = true;
        host.EndDial(this);
    }
}
