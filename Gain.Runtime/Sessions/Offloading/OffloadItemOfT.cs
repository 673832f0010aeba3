namespace Gain.Sessions;

/// <summary>Work with a result.</summary>
/// <typeparam name="TResult">The type of the result.</typeparam>
internal sealed class OffloadItem<TResult>(OffloadPool pool, Func<TResult> work) : OffloadItem(pool)
{
    private readonly TaskCompletionSource<Offloaded<TResult>> _told = new();
    private TResult? _result;
    private Exception? _error;

    /// <summary>What comes of it.</summary>
    public Task<Offloaded<TResult>> Told => _told.Task;

    protected override void Work()
    {
        try
        {
            _result = work();
        }
        catch (Exception error)
        {
            // It is the session's, which awaits it.
            _error = error;
        }
    }

    protected override void Tell()
    {
        if (_error is { } error)
        {
            _told.SetException(error);
        }
        else
        {
            _told.SetResult(new Offloaded<TResult>(_result!));
        }
    }
}
