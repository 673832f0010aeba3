namespace Gain.Slots;

/// <summary>A worker's instance of a type of the user's, whatever the type.</summary>
internal abstract class PerWorkerValue
{
    /// <summary>Disposes the instance, if it can be.</summary>
    public abstract void Dispose();
}
