using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;

namespace Gain.Generators.Models;

/// <summary>An immutable array that is equal to another one when all elements are.</summary>
/// <remarks>
/// Roslyn compares a step's result with the one before, to know whether what follows must run again; arrays
/// and <c>ImmutableArray</c> compare by reference and would defeat that.
/// </remarks>
internal readonly struct EquatableArray<T> : IEquatable<EquatableArray<T>>, IReadOnlyList<T>
    where T : IEquatable<T>
{
    private readonly T[]? _items;

    public EquatableArray(IEnumerable<T> items) => _items = items.ToArray();

    public int Count => Items.Length;

    public T this[int index] => Items[index];

    // A default instance is empty: it has no array.
    private T[] Items => _items ?? [];

    public bool Equals(EquatableArray<T> other) => Items.AsSpan().SequenceEqual(other.Items);

    public override bool Equals(object? obj) => obj is EquatableArray<T> other && Equals(other);

    public override int GetHashCode()
    {
        int hash = 17;
        foreach (T item in Items)
        {
            hash = unchecked((hash * 31) + item.GetHashCode());
        }

        return hash;
    }

    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)Items).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
