using Gain.Sockets;

namespace Gain.Workers;

/// <summary>Where workers get the addresses of names from.</summary>
internal abstract class NameSource
{
    /// <summary>What is known of a name. Any thread; allocates nothing and does not wait.</summary>
    /// <param name="name">The name.</param>
    /// <param name="addresses">
    /// Its addresses, in the order in which they are tried; none if it was found to have none.
    /// </param>
    /// <returns>False if it has to be asked for.</returns>
    public abstract bool TryFind(DialName name, out GainAddress[] addresses);

    /// <summary>Asks for a name on another thread; the waiter is answered once, whatever comes of
    /// it.</summary>
    public abstract void Ask(NameWaiter waiter);
}
