namespace Gain;

public sealed partial class GainOptions
{
    private Dictionary<Type, Delegate> _perWorker = [];

    /// <summary>What makes each worker's instances, by their types.</summary>
    internal IReadOnlyDictionary<Type, Delegate> GetPerWorkerFactories() => _perWorker;

    /// <summary>
    /// Says how each worker makes its instance of a <see cref="PerWorkerAttribute"/> type. Without it, the
    /// worker calls the type's public constructor without parameters.
    /// </summary>
    /// <typeparam name="T">The type. When no callback takes it, the factory is never called.</typeparam>
    /// <param name="factory">
    /// Called once for each worker, with its index, on its own thread while the server starts. An exception
    /// fails the start. The last factory for a type counts.
    /// </param>
    /// <returns>The options.</returns>
    public GainOptions PerWorker<T>(Func<int, T> factory)
    {
        ArgumentNullException.ThrowIfNull(factory);
        _perWorker[typeof(T)] = factory;
        return this;
    }
}
