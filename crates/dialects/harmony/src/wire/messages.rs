//! The macro that declares a table of messages.

/// Declares messages, their names, and how each is read and written. There is one block for each kind of object. A line of a block declares a
/// message: its slot, its mark, its name, and its variant with each field as `field: Type = Key` (see `field!`). A key after `with` is always
/// written with the same value and never read. In a block `State(Type)` each message is a value of the type and has no body.
macro_rules! messages {
    (
        $(#[$meta:meta])* $messages:ident, $(#[$names_meta:meta])* $names:ident in $vocabulary:ident;
        $($(#[$kind_meta:meta])* $kind:ident($kind_messages:ident) {
            $(State($state:ident) {
                $($state_slot:literal $state_mark:ident $state_name:ident => $value:ident,)*
            })?
            $($(#[$variant_meta:meta])* $slot:literal $mark:ident $name:ident => $variant:ident
                $(($one:ident: $one_type:ty = $($one_how:ident)+))?
                $({ $($field:ident: $type:ty = $($how:ident)+),* })?
                $(with $constant:ident = $constant_value:expr)?,)*
        })*
    ) => {
        words! {
            $(#[$names_meta])*
            $names: Name in $vocabulary {
                $($($($state_name = $state_slot $state_mark,)*)? $($name = $slot $mark,)*)*
            }
        }

        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum $messages {
            $($(#[$kind_meta])* $kind($kind_messages),)*
        }

        impl $messages {
            /// The name of the message.
            pub fn name(&self) -> $names {
                match self {
                    $(Self::$kind(message) => message.name(),)*
                }
            }

            /// The body of the message.
            pub fn body(&self, words: &Words) -> Value {
                let mut writer = Writer::new(words);
                match self {
                    $(Self::$kind(message) => message.write(&mut writer),)*
                }
                writer.done()
            }

            /// Reads a message with this name.
            pub fn read(name: $names, body: Body) -> Result<Self, Fault> {
                Ok(match name {
                    $(
                        $($($names::$state_name => Self::$kind($kind_messages::State($state::$value)),)*)?
                        $($names::$name => Self::$kind($kind_messages::$variant
                            $((field!(read body, $($one_how)+)))?
                            $({ $($field: field!(read body, $($how)+),)* })?
                        ),)*
                    )*
                })
            }
        }

        $(
            $(#[$kind_meta])*
            #[derive(Debug, Clone, PartialEq, Eq)]
            #[allow(missing_docs, reason = "each variant is the message of the same name")]
            pub enum $kind_messages {
                $(State($state),)?
                $($(#[$variant_meta])* $variant $(($one_type))? $({ $($field: $type,)* })?,)*
            }

            impl $kind_messages {
                fn name(&self) -> $names {
                    match self {
                        $($(Self::State($state::$value) => $names::$state_name,)*)?
                        $(Self::$variant { .. } => $names::$name,)*
                    }
                }

                fn write(&self, writer: &mut Writer) {
                    match self {
                        $($(Self::State($state::$value))|* => {})?
                        $(Self::$variant $(($one))? $({ $($field,)* })? => {
                            $(field!(write writer, $one, $($one_how)+);)?
                            $($(field!(write writer, $field, $($how)+);)*)?
                            $(writer.put(Key::$constant, $constant_value);)?
                        })*
                    }
                }
            }
        )*
    };
}
pub(super) use messages;
