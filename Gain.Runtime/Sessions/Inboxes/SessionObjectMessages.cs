namespace Gain;

/// <summary>Messages that sessions wait for, of reference types.</summary>
public static class SessionObjectMessages
{
    /// <summary>As <see cref="SessionMessages.Message"/>. A null that was posted is a fault of the
    /// connection.</summary>
    /// <typeparam name="TMessage">As for the other.</typeparam>
    /// <param name="session">As for the other.</param>
    /// <returns>As for the other.</returns>
    /// <exception cref="InvalidOperationException">As for the other.</exception>
    /// <exception cref="SessionEndedException">As for the other.</exception>
    [AllocationFree]
    public static async Part<TMessage?> Message<TMessage>(this SessionContext session)
        where TMessage : class =>
        await session.AwaitMessage<TMessage>() ? session.TakeMessage<TMessage>() : null;
}
