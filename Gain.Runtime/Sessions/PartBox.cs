using System.Runtime.ExceptionServices;

namespace Gain.Sessions;

/// <summary>A part that has waited, until its result is taken.</summary>
/// <typeparam name="TResult">The type of the result.</typeparam>
internal abstract class PartBox<TResult> : SessionBox
{
    private TResult _result = default!;
    private Exception? _error;
    private bool _hasEnded;

    protected PartBox(SessionHost host, int kind)
        : base(host, kind)
    {
    }

    /// <summary>Counts what the box was used for: a part that is awaited again finds another.</summary>
    public uint Use { get; private set; }

    /// <summary>Whether the method has ended; if not, it is the one that is awaited next.</summary>
    /// <exception cref="InvalidOperationException">It was awaited before, or elsewhere.</exception>
    public bool IsOver(uint use)
    {
        Host.DemandThread();
        if (use != Use || Outer is not null)
        {
            throw new InvalidOperationException(
                "A Part was awaited twice: it is awaited once; keep its result in a variable.");
        }

        if (!_hasEnded)
        {
            Host.Awaited = this;
        }

        return _hasEnded;
    }

    /// <summary>The method has ended: whoever awaits it goes on when it has returned.</summary>
    public void End(TResult result, Exception? error)
    {
        _result = result;
        _error = error;
        _hasEnded = true;
        Host.Resumed = Outer;
    }

    /// <summary>Takes the result; the box goes back to its pool.</summary>
    public TResult TakeResult(uint use)
    {
        Host.DemandThread();
        if (use != Use || !_hasEnded)
        {
            throw new InvalidOperationException(
                "The result of a Part was asked for and is not there: await the Part, once.");
        }

        TResult result = _result;
        Exception? error = _error;
        _result = default!;
        _error = null;
        _hasEnded = false;
        Outer = null;
        Use++;
        Host.Pool(this);
        if (error is not null)
        {
            ExceptionDispatchInfo.Throw(error);
        }

        return result;
    }
}
