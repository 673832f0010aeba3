namespace Gain.Sessions;

/// <remarks>Work that is done on other threads.</remarks>
internal abstract unsafe partial class SessionHost
{
    private readonly OffloadPool _offloads;

    /// <summary>Hands over work; refused where too much waits.</summary>
    public Task<Offloaded<TResult>> Offload<TResult>(int index, uint generation, Func<TResult> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        Require(index, generation);
        var item = new OffloadItem<TResult>(_offloads, work);
        return _offloads.TryAdd(item) ? item.Told : Task.FromResult(default(Offloaded<TResult>));
    }
}
