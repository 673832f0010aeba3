namespace Gain.Slots;

/// <summary>A worker's instance of a type. Sealed, so that a cast to it is one comparison.</summary>
internal sealed class PerWorkerValue<T>(T value) : PerWorkerValue
{
    private T _value = value;

    /// <summary>The instance, where it lies.</summary>
    public ref T Value => ref _value;

    public override void Dispose() => (_value as IDisposable)?.Dispose();
}
