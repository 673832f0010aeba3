namespace Gain.Sessions;

/// <summary>What is known of a type of awaiters, found out once.</summary>
/// <typeparam name="TAwaiter">The type.</typeparam>
internal static class AwaiterKind<TAwaiter>
{
    /// <summary>Whether they are of parts.</summary>
    public static readonly bool IsPart = typeof(IPartAwaiter).IsAssignableFrom(typeof(TAwaiter));
}
