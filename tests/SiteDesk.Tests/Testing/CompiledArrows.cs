using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace SiteDesk.Tests.Testing;

/// <summary>
/// Which type of an assembly uses which other: base types, members' signatures, attributes, and what the bodies of methods
/// touch (ECMA-335, partition III). Nested and compiler-made types count as the type they stand in.
/// </summary>
internal sealed class CompiledArrows
{
    private static readonly Dictionary<int, OperandType> Operands = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => (int)(ushort)code.Value, code => code.OperandType);

    private readonly HashSet<(string From, string To)> _arrows = [];
    private readonly MetadataReader _metadata;
    private readonly PEReader _file;
    private readonly TypeNames _names;
    private string _from = "";

    private CompiledArrows(PEReader file)
    {
        _file = file;
        _metadata = file.GetMetadataReader();
        _names = new TypeNames(name => _arrows.Add((_from, name)));
    }

    /// <returns>Full names of outermost types; never a type to itself.</returns>
    public static IReadOnlySet<(string From, string To)> Of(string path)
    {
        using var file = new PEReader(File.OpenRead(path));
        var reader = new CompiledArrows(file);
        reader.Read();
        reader._arrows.RemoveWhere(arrow => arrow.From == arrow.To);
        return reader._arrows;
    }

    private void Read()
    {
        foreach (var handle in _metadata.TypeDefinitions)
        {
            var type = _metadata.GetTypeDefinition(handle);
            _from = TypeNames.OutermostName(_metadata, handle);
            See(type.BaseType);
            foreach (var implementation in type.GetInterfaceImplementations())
                See(_metadata.GetInterfaceImplementation(implementation).Interface);
            foreach (var attribute in type.GetCustomAttributes())
                See(_metadata.GetCustomAttribute(attribute).Constructor);
            foreach (var field in type.GetFields())
                _metadata.GetFieldDefinition(field).DecodeSignature(_names, null);
            foreach (var method in type.GetMethods())
                ReadMethod(_metadata.GetMethodDefinition(method));
        }
    }

    private void ReadMethod(MethodDefinition method)
    {
        method.DecodeSignature(_names, null);
        foreach (var attribute in method.GetCustomAttributes())
            See(_metadata.GetCustomAttribute(attribute).Constructor);
        if (method.RelativeVirtualAddress == 0)
            return;
        var body = _file.GetMethodBody(method.RelativeVirtualAddress);
        if (!body.LocalSignature.IsNil)
            _metadata.GetStandaloneSignature(body.LocalSignature).DecodeLocalSignature(_names, null);
        foreach (var region in body.ExceptionRegions)
            See(region.CatchType);
        ReadCode(body.GetILReader());
    }

    private void ReadCode(BlobReader code)
    {
        while (code.RemainingBytes > 0)
        {
            int operation = code.ReadByte();
            if (operation == 0xFE)
                operation = 0xFE00 | code.ReadByte();
            switch (Operands[operation])
            {
                case OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineType or OperandType.InlineTok:
                    See(MetadataTokens.EntityHandle(code.ReadInt32()));
                    break;
                case OperandType.InlineSwitch:
                    var targets = code.ReadInt32();
                    code.Offset += 4 * targets;
                    break;
                case var operand:
                    code.Offset += SizeOf(operand);
                    break;
            }
        }
    }

    private static int SizeOf(OperandType operand) => operand switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        _ => 4,
    };

    /// <summary>Notes the types that a token stands for.</summary>
    private void See(EntityHandle handle)
    {
        if (handle.IsNil)
            return;
        switch (handle.Kind)
        {
            case HandleKind.TypeDefinition:
                _names.GetTypeFromDefinition(_metadata, (TypeDefinitionHandle)handle, 0);
                break;
            case HandleKind.TypeSpecification:
                _metadata.GetTypeSpecification((TypeSpecificationHandle)handle).DecodeSignature(_names, null);
                break;
            case HandleKind.MethodDefinition:
                See(_metadata.GetMethodDefinition((MethodDefinitionHandle)handle).GetDeclaringType());
                break;
            case HandleKind.FieldDefinition:
                See(_metadata.GetFieldDefinition((FieldDefinitionHandle)handle).GetDeclaringType());
                break;
            case HandleKind.MemberReference:
                See(_metadata.GetMemberReference((MemberReferenceHandle)handle).Parent);
                break;
            case HandleKind.MethodSpecification:
                var generic = _metadata.GetMethodSpecification((MethodSpecificationHandle)handle);
                See(generic.Method);
                generic.DecodeSignature(_names, null);
                break;
        }
    }

    /// <summary>Walks signatures and tells every type of this assembly it meets.</summary>
    private sealed class TypeNames(Action<string> tell) : ISignatureTypeProvider<string, object?>
    {
        public static string OutermostName(MetadataReader reader, TypeDefinitionHandle handle)
        {
            var type = reader.GetTypeDefinition(handle);
            while (!type.GetDeclaringType().IsNil)
                type = reader.GetTypeDefinition(type.GetDeclaringType());
            return $"{reader.GetString(type.Namespace)}.{reader.GetString(type.Name)}";
        }

        public string GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind)
        {
            var name = OutermostName(reader, handle);
            tell(name);
            return name;
        }

        public string GetTypeFromSpecification(MetadataReader reader, object? genericContext, TypeSpecificationHandle handle, byte rawTypeKind) =>
            reader.GetTypeSpecification(handle).DecodeSignature(this, genericContext);

        public string GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind) => "";

        public string GetArrayType(string elementType, ArrayShape shape) => elementType;

        public string GetByReferenceType(string elementType) => elementType;

        public string GetFunctionPointerType(MethodSignature<string> signature) => "";

        public string GetGenericInstantiation(string genericType, ImmutableArray<string> typeArguments) => genericType;

        public string GetGenericMethodParameter(object? genericContext, int index) => "";

        public string GetGenericTypeParameter(object? genericContext, int index) => "";

        public string GetModifiedType(string modifier, string unmodifiedType, bool isRequired) => unmodifiedType;

        public string GetPinnedType(string elementType) => elementType;

        public string GetPointerType(string elementType) => elementType;

        public string GetPrimitiveType(PrimitiveTypeCode typeCode) => "";

        public string GetSZArrayType(string elementType) => elementType;
    }
}
