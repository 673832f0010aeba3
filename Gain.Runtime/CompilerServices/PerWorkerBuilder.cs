using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.ExceptionServices;
using Gain.Slots;

namespace Gain.CompilerServices;

/// <summary>Makes a worker's instances of the types that callbacks take, on its thread.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class PerWorkerBuilder
{
    private readonly int _worker;
    private readonly IReadOnlyDictionary<Type, Delegate> _factories;
    private readonly List<(Type Type, PerWorkerValue Value)> _made = [];
    private readonly List<List<PerWorkerValue>> _parts = [[]];

    internal PerWorkerBuilder(int worker, IReadOnlyDictionary<Type, Delegate> factories)
    {
        _worker = worker;
        _factories = factories;
    }

    /// <summary>What was made so far, in order.</summary>
    internal PerWorkerValue[] Values => [.. _made.Select(made => made.Value)];

    /// <summary>For each part of the protocol the instances of its types, in its order.</summary>
    internal PerWorkerValue[][] ValuesOfParts => [.. _parts.Select(part => part.ToArray())];

    /// <summary>The types named from now on are those of the protocol's next part.</summary>
    internal void BeginPart() => _parts.Add([]);

    /// <summary>Makes the instance of the next type, unless another part has named it before.</summary>
    public void Add<
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] T>()
    {
        foreach ((Type type, PerWorkerValue shared) in _made)
        {
            if (type == typeof(T))
            {
                _parts[^1].Add(shared);
                return;
            }
        }

        T value = _factories.TryGetValue(typeof(T), out Delegate? factory)
            ? ((Func<int, T>)factory)(_worker)
            : Construct<T>();
        if (value is null)
        {
            throw Unmade(typeof(T), "the factory given to GainOptions.PerWorker returned null");
        }

        var made = new PerWorkerValue<T>(value);
        _made.Add((typeof(T), made));
        _parts[^1].Add(made);
    }

    private static T Construct<
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] T>()
    {
        if (!typeof(T).IsValueType
            && (typeof(T).IsAbstract || typeof(T).GetConstructor(Type.EmptyTypes) is null))
        {
            throw Unmade(typeof(T), "it has no public constructor without parameters");
        }

        try
        {
            return Activator.CreateInstance<T>();
        }
        catch (TargetInvocationException failure) when (failure.InnerException is not null)
        {
            ExceptionDispatchInfo.Throw(failure.InnerException);
            throw;
        }
    }

    private static GainException Unmade(Type type, string why) => new(
        GainError.OptionInvalid,
        $"A callback takes {type} from its worker, but no instance can be made: {why}. Give it such a "
        + $"constructor, or a factory: options.PerWorker<{type.Name}>(worker => …).");
}
