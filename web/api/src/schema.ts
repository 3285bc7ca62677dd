// Made by generate.mjs from crates/api/openapi. Do not edit.

export interface paths {
    "/api/v1/accounts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Search accounts */
        get: operations["list_accounts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/accounts/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The account's id. */
                id: components["parameters"]["ArchiveAccountId"];
            };
            cookie?: never;
        };
        /** Find an account */
        get: operations["find_account"];
        /**
         * Write down what the counter tells of an account
         * @description What is left out stays as it is.
         */
        put: operations["update_account"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/accounts/{id}/materials": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The account's id. */
                id: components["parameters"]["ArchiveAccountId"];
            };
            cookie?: never;
        };
        /** List what is filed at an account */
        get: operations["list_materials"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/accounts/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take in accounts from the counter
         * @description CSV in UTF-8 or GBK, at most 8 MB and 20,000 rows, with the names of the archive document in its first line; all rows or none. `srcType` is `counter` unless it says otherwise.
         */
        post: operations["import_accounts"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/archive-clients": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List who may deposit */
        get: operations["list_clients"];
        put?: never;
        /**
         * Issue a system number
         * @description For the tenant's admin.
         */
        post: operations["issue_client"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/archive-clients/{number}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Revoke a system number */
        delete: operations["revoke_client"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/archive-files/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Fetch a file of the archive */
        get: operations["fetch_archive_file"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/callbacks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List results on their way */
        get: operations["list_callbacks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/callbacks/{id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send a result again as soon as possible */
        post: operations["retry_callback"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/code-tables": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the code tables */
        get: operations["list_code_tables"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/code-tables/{table}/codes": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The table. */
                table: components["parameters"]["CodeTable"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Add a code to a table
         * @description For the tenant's admin.
         */
        post: operations["add_code"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/code-tables/{table}/codes/{code}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The code.
                 * @example ID_FRONT
                 */
                code: components["parameters"]["Code"];
                /** @description The table. */
                table: components["parameters"]["CodeTable"];
            };
            cookie?: never;
        };
        get?: never;
        /** Give a code another name */
        put: operations["rename_code"];
        post?: never;
        /** Take a code out of use */
        delete: operations["remove_code"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/compositions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List compositions */
        get: operations["list_compositions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/compositions/{id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Compose again as soon as possible */
        post: operations["retry_composition"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/connectors": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List how the tenant's own servers are asked */
        get: operations["list_connectors"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/connectors/{kind}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description What for. */
                kind: "sms" | "order" | "product" | "identity" | "photo";
            };
            cookie?: never;
        };
        get?: never;
        /** Say how one of the tenant's own servers is asked */
        put: operations["put_connector"];
        post?: never;
        /** Ask that server no more */
        delete: operations["delete_connector"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/deposits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List deposits */
        get: operations["list_deposits"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/deposits/{id}/discard": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take a deposit back */
        post: operations["discard_deposit"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/embed-sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Change a one-time token for a session */
        post: operations["enter"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/embed-tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Let one of the tenant's people in
         * @description For a business system alone. A seat that is not known yet is made, without a password.
         */
        post: operations["create_embed_token"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/files": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List a folder
         * @description Numbered pages of a moment: rows that come or go later do not shift them.
         */
        get: operations["list_files"];
        put?: never;
        /**
         * Upload a file
         * @description `file` comes last; it is streamed to disk. At most 4 GiB.
         */
        post: operations["upload_file"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/files/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Its number. */
                id: string;
            };
            cookie?: never;
        };
        /** Find a file */
        get: operations["find_file"];
        put?: never;
        post?: never;
        /** Delete a file */
        delete: operations["delete_file"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/files/{id}/hold": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Its number. */
                id: string;
            };
            cookie?: never;
        };
        get?: never;
        /** Hold a file, or let it go */
        put: operations["keep_file"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/files/{id}/revoke-links": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Its number. */
                id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make every link to a file useless */
        post: operations["revoke_links"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/files/{id}/tombstone": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Its number. */
                id: string;
            };
            cookie?: never;
        };
        /** What is left of a deleted file */
        get: operations["find_tombstone"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/files/usage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How many bytes there are */
        get: operations["find_usage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/folders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make a folder */
        post: operations["create_folder"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/identity-statements": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Hand in what a business server signed about a face */
        post: operations["accept_statement"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/interface": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show the tenant's interface */
        get: operations["show_interface"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/interface/calls": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the last calls of the tenant's systems
         * @description The last hundred that this server has had since its start, through every face, with what is secret or personal masked.
         */
        get: operations["list_calls"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/interface/credentials/{kind}/reissue": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make a credential anew
         * @description The old one is refused from now on. The new one is told here and nowhere else.
         */
        post: operations["reissue_credential"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/interface/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List native keys in use */
        get: operations["list_keys"];
        put?: never;
        /** Issue a native key */
        post: operations["issue_key"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/interface/keys/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Take a native key back */
        delete: operations["revoke_key"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/interface/switches": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Set the switches
         * @description Replaces them all: what is left out is empty, and a face that is not named in `off` is on.
         */
        put: operations["set_switches"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/interviews": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List interviews */
        get: operations["list_interviews"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/interviews/{id}/result": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Its id. */
                id: string;
            };
            cookie?: never;
        };
        /** Read a verdict as the signing document tells it */
        get: operations["find_result"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/invitations/{code}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What a link leads to */
        get: operations["find_invitation"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/lives/{code}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** See what is shown live */
        get: operations["find_live"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/material-codes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the material codes */
        get: operations["list_material_codes"];
        put?: never;
        /**
         * Add a material code
         * @description For the tenant's admin.
         */
        post: operations["add_material_code"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/material-codes/{code}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The code.
                 * @example ID_FRONT
                 */
                code: components["parameters"]["Code"];
            };
            cookie?: never;
        };
        get?: never;
        /** Give a material code another name */
        put: operations["rename_material_code"];
        post?: never;
        /** Take a material code out of use */
        delete: operations["remove_material_code"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/messages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List text messages */
        get: operations["list_messages"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/messages/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Its id. */
                id: string;
            };
            cookie?: never;
        };
        /** Read a text message */
        get: operations["find_message"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/messages/{id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Its id. */
                id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send a text message again as soon as possible */
        post: operations["retry_message"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This description */
        get: operations["describe_api"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Create an order */
        post: operations["create_order"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders/{business_no}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The business system's own number.
                 * @example A3239239
                 */
                business_no: components["parameters"]["BusinessNo"];
            };
            cookie?: never;
        };
        /**
         * Find an order
         * @description A key reads the numbers of people whole, a logged-in user reads their ends.
         */
        get: operations["find_order"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders/{business_no}/enterprise": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The business system's own number.
                 * @example A3239239
                 */
                business_no: components["parameters"]["BusinessNo"];
            };
            cookie?: never;
        };
        get?: never;
        /** Replace the enterprise */
        put: operations["put_enterprise"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders/{business_no}/guarantors": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The business system's own number.
                 * @example A3239239
                 */
                business_no: components["parameters"]["BusinessNo"];
            };
            cookie?: never;
        };
        get?: never;
        /** Replace who stands in */
        put: operations["put_guarantors"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders/{business_no}/identity": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The business system's own number.
                 * @example A3239239
                 */
                business_no: components["parameters"]["BusinessNo"];
            };
            cookie?: never;
        };
        get?: never;
        /** Say what was found out about the borrower's identity */
        put: operations["put_identity"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders/{business_no}/identity-checks": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The business system's own number.
                 * @example A3239239
                 */
                business_no: components["parameters"]["BusinessNo"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ask the tenant's identity service about the borrower */
        post: operations["check_identity"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders/{business_no}/invitations": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The business system's own number.
                 * @example A3239239
                 */
                business_no: components["parameters"]["BusinessNo"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Invite a person of an order
         * @description Without a body: the borrower, for seven days. A link is used up by the verdict `pass` or `refuse`.
         */
        post: operations["create_invitation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders/{business_no}/photos": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The business system's own number.
                 * @example A3239239
                 */
                business_no: components["parameters"]["BusinessNo"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Hand a photo on to the tenant's photo service */
        post: operations["push_photo"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders/{business_no}/product": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The business system's own number.
                 * @example A3239239
                 */
                business_no: components["parameters"]["BusinessNo"];
            };
            cookie?: never;
        };
        get?: never;
        /** Replace the product */
        put: operations["put_product"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders/{business_no}/pull": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The business system's own number.
                 * @example A3239239
                 */
                business_no: components["parameters"]["BusinessNo"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ask the tenant's order service for an order */
        post: operations["pull_order"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders/{business_no}/references": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The business system's own number.
                 * @example A3239239
                 */
                business_no: components["parameters"]["BusinessNo"];
            };
            cookie?: never;
        };
        get?: never;
        /** Replace the auxiliary number and what is shown */
        put: operations["put_references"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders/{business_no}/sheet": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The business system's own number.
                 * @example A3239239
                 */
                business_no: components["parameters"]["BusinessNo"];
            };
            cookie?: never;
        };
        /** Read what is known of an order */
        get: operations["find_sheet"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/probe": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Bytes to measure the network with, down */
        get: operations["probe_download"];
        put?: never;
        /** Bytes to measure the network with, up */
        post: operations["probe_upload"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/recordings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List recordings */
        get: operations["list_recordings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/recordings/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Find a recording */
        get: operations["find_recording"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/recordings/{id}/archive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * File a recording at an account
         * @description Its track files become one material. The bytes are shared, so deleting the recording leaves the archive whole.
         */
        post: operations["archive_recording"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rooms": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List rooms */
        get: operations["list_rooms"];
        put?: never;
        /** Make a room */
        post: operations["create_room"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rooms/{number}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Find a room */
        get: operations["find_room"];
        /**
         * Change a room
         * @description The number stays. PINs that are not named stay; the flags that are not named are off.
         */
        put: operations["change_room"];
        post?: never;
        /** Delete a room */
        delete: operations["delete_room"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rooms/{number}/admissions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Come in with a PIN
         * @description An unknown number is answered like a wrong PIN. The host's PIN opens a room that is not open.
         */
        post: operations["join_room"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rooms/{number}/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Show a room live */
        post: operations["start_live"];
        /** End what is shown live */
        delete: operations["end_live"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rooms/{number}/participants": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List who is in a room now */
        get: operations["list_participants"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rooms/{number}/recording": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Record everybody in a room */
        post: operations["start_recording"];
        /** End the recording of a room */
        delete: operations["stop_recording"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rooms/{number}/start": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Open a room
         * @description Without people it is closed after half an hour, unless it stays open.
         */
        post: operations["start_room"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rooms/{number}/stop": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Close a room */
        post: operations["stop_room"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/scripts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List scripts */
        get: operations["list_scripts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/scripts/{video_type}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Set the script of a video type */
        put: operations["put_script"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who is logged in */
        get: operations["find_session"];
        put?: never;
        /**
         * Log in
         * @description `login` is `name` or `name@TENANT`. Five wrong passwords lock the account for a while.
         */
        post: operations["log_in"];
        /** Log out */
        delete: operations["log_out"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        Account: {
            /** @description A code of `ACCT_BIZ_TYP`. */
            account_biz_type: string;
            account_no: string;
            category: components["schemas"]["Code"] | null;
            /** Format: date-time */
            created_at: string;
            customer: components["schemas"]["ArchiveCustomer"];
            /** @description A code of `ACCT_CUST_TYP`. */
            customer_type: string;
            dept_code: string;
            dept_name: string;
            full_name: string | null;
            /** Format: uuid */
            id: string;
            labels: components["schemas"]["Code"][];
            name: string;
            /** Format: date */
            opened_on: string;
            /** @description `counter` for what the counter keeps. */
            src_type: string | null;
            /** @enum {string} */
            status: "valid" | "closed";
            /** Format: date */
            written_off_on: string | null;
        };
        AccountChange: {
            category?: {
                code: string;
                name: string;
            } | null;
            customer?: {
                aml_risk_code?: string | null;
                aml_risk_name?: string | null;
                full_name?: string | null;
                license_no?: string | null;
                name?: string | null;
                tax_no?: string | null;
            } | null;
            customer_type?: string | null;
            dept_code?: string | null;
            full_name?: string | null;
            labels?: {
                code: string;
                name: string;
            }[] | null;
            name?: string | null;
            /** Format: date */
            opened_on?: string | null;
            src_type?: string | null;
            /** @enum {unknown} */
            status?: "valid" | "closed" | null;
            /** Format: date */
            written_off_on?: string | null;
        };
        AccountPage: {
            items: components["schemas"]["Account"][];
            next: string | null;
            total: number;
        };
        ArchiveClient: {
            /** Format: date-time */
            issued_at: string;
            name: string;
            number: string;
            /** Format: date-time */
            revoked_at: string | null;
        };
        ArchiveCustomer: {
            aml_risk_code: string | null;
            aml_risk_name: string | null;
            extra_code: string;
            full_name: string | null;
            /** Format: uuid */
            id: string;
            id_no: string;
            /** @description A code of `ID_TYP`. */
            id_type: string;
            /** @enum {string} */
            kind: "natural" | "other";
            license_no: string | null;
            name: string;
            tax_no: string | null;
        };
        ArchiveFile: {
            content_type: string;
            id: string;
            name: string;
            sha256: string;
            size_bytes: number;
            /** @description Fetch it there, with the same key or session. */
            url: string;
        };
        Call: {
            address: string;
            answer: string | null;
            /** Format: date-time */
            at: string;
            /** @description What the face's document calls its code; natively the last part of a problem's `type`. */
            code: string | null;
            face: components["schemas"]["FaceName"];
            method: string;
            path: string;
            request: string | null;
            status: number;
            took_ms: number;
        };
        Callback: {
            attempts: number;
            business_no: string;
            /** Format: date-time */
            created_at: string;
            /** Format: uuid */
            id: string;
            last_error: string | null;
            /** @description HTTP status of the last answer. */
            last_status: number | null;
            /** Format: date-time */
            next_attempt_at: string | null;
            /** @enum {string} */
            state: "pending" | "delivered" | "failed";
            url: string;
        };
        CallbackPage: {
            items: components["schemas"]["Callback"][];
            next: string | null;
        };
        CallPage: {
            items: components["schemas"]["Call"][];
            next: null;
        };
        Code: {
            code: string;
            name: string;
        };
        CodeList: {
            items: components["schemas"]["Code"][];
        };
        CodeTable: {
            items: components["schemas"]["Code"][];
            /** @enum {string} */
            name: "ACCT_BIZ_TYP" | "ACCT_CUST_TYP" | "ID_TYP" | "MATERIAL";
        };
        /** @description The one film with everybody in it, once it is whole. */
        ComposedFile: {
            duration_ms: number;
            from_ms: number;
            /** @enum {string} */
            kind: "composed";
            participant: null;
            playlist_url: null;
            /** @description 64 hex digits. */
            sha256: string;
            size_bytes: number;
            source: null;
            /** @description Signed; supports Range. */
            url: string;
        };
        Composition: {
            attempts: number;
            /** Format: date-time */
            created_at: string;
            /** Format: uuid */
            id: string;
            last_error: string | null;
            /**
             * Format: date-time
             * @description While it is being drawn: when the claim runs out.
             */
            next_attempt_at: string | null;
            /** Format: uuid */
            recording_id: string;
            /** @enum {string} */
            state: "pending" | "done" | "failed";
        };
        CompositionPage: {
            items: components["schemas"]["Composition"][];
            next: string | null;
        };
        Connector: {
            accepted: {
                pointer: string;
                values: string[];
            } | null;
            body: {
                template?: string;
                /** @enum {string} */
                type: "none" | "json" | "form";
            };
            fields: {
                [key: string]: string;
            };
            /** @description Names alone. */
            headers: string[];
            kind: string;
            method: string;
            sign: string | null;
            texts: {
                [key: string]: string;
            };
            timeout_ms: number;
            tries: number;
            url: string;
        };
        ConnectorList: {
            items: components["schemas"]["Connector"][];
            next: string | null;
        };
        Consent: {
            text: string;
            version: string;
        };
        Credential: {
            /** @description `CompID`, `AppId`, `API ID`. */
            account: string;
            kind: components["schemas"]["CredentialKind"];
            /** @description Of the meeting face's literal key, where there is one. */
            literal_hint: string | null;
            /** @description The end of it, at most. */
            secret_hint: string;
        };
        /** @enum {string} */
        CredentialKind: "company" | "app" | "meeting";
        Days: number;
        Deposit: {
            account_biz_type: string | null;
            account_no: string | null;
            business_id: string | null;
            customer_name: string;
            discard_employee: string | null;
            discard_reason: string | null;
            /** Format: date-time */
            discarded_at: string | null;
            extras: string | null;
            /** Format: date-time */
            filed_at: string;
            /** Format: uuid */
            id: string;
            material_codes: string[];
            /** Format: date-time */
            received_at: string;
            /** Format: uuid */
            recording_id: string | null;
            /** @description The system number of who filed it; null for one of our own recordings. */
            service_id: string | null;
            service_name: string | null;
            title: string | null;
        };
        Detail: {
            label: string;
            value: string;
        };
        EmbedSession: {
            csrf_token: string;
            return_url: string | null;
            user: {
                id: string;
                login: string;
                name: string;
                queues: {
                    id: string;
                    name: string;
                }[];
                roles: string[];
                tenant: {
                    id: string;
                    name: string;
                };
            };
        };
        Face: {
            base_urls: string[];
            name: components["schemas"]["FaceName"];
            on: boolean;
        };
        /** @enum {string} */
        FaceName: "video" | "netdisk" | "crm" | "signing" | "meeting" | "native";
        File: {
            business_no: string | null;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            held_since: string | null;
            hold_reason: string | null;
            /** @description A number that never changes. */
            id: number;
            /** @enum {string} */
            kind: "upload" | "interview" | "self_service" | "counter" | "assistance" | "meeting";
            /** Format: date-time */
            listed_at: string | null;
            media_type: string | null;
            name: string;
            path: string;
            /** Format: uuid */
            recording_id: string | null;
            retain_reason: string | null;
            /** Format: date-time */
            retain_until: string | null;
            /** @description 64 hex digits. */
            sha256: string | null;
            size_bytes: number | null;
            /**
             * @description `awaited` until its bytes are there; `deleted` in a listing of an earlier moment.
             * @enum {string}
             */
            state: "awaited" | "whole" | "deleted";
            /** @description Signed; null while there are no bytes, or no more. */
            url: string | null;
        };
        FileListing: {
            folders: components["schemas"]["Folder"][];
            items: components["schemas"]["File"][];
            limit: number;
            page: number;
            /** Format: date-time */
            search_time: string;
            total: number;
        };
        FileUsage: {
            /** @description What uploads may take; null: as much as the disk holds. */
            quota_bytes: number | null;
            recorded_bytes: number;
            uploaded_bytes: number;
        };
        Folder: {
            /** Format: date-time */
            created_at: string;
            id: number;
            name: string;
            path: string;
        };
        /** @description A stretch in which nothing of this source is there. */
        Gap: {
            from_ms: number;
            participant: string;
            /** @enum {string} */
            reason: "loss" | "camera_off" | "reconnect" | "restart";
            source: components["schemas"]["Source"];
            to_ms: number;
        };
        IdentityResult: {
            description: string;
            /** @enum {string} */
            result: "passed" | "failed" | "not_done";
            similarity: string;
        };
        Interface: {
            credentials: components["schemas"]["Credential"][];
            /** @description `entId`, which the meeting face prints. */
            ent_id: number;
            faces: components["schemas"]["Face"][];
            switches: components["schemas"]["Switches"];
        };
        Interview: {
            business_no: string;
            /** Format: date-time */
            connected_at: string | null;
            /**
             * Format: date-time
             * @description When the customer joined the queue.
             */
            created_at: string;
            /** @description Name of the main person. */
            customer: string;
            /** Format: date-time */
            ended_at: string | null;
            /** Format: uuid */
            id: string;
            /** @enum {string} */
            kind: "remote" | "self_service" | "counter" | "assistance";
            /** @example 20261123-000017 */
            number: string;
            /** @description Number of the queue. */
            queue: string;
            reason: string | null;
            /** Format: uuid */
            recording_id: string | null;
            /** @description Name of the seat, once one is rung. */
            seat: string | null;
            state: components["schemas"]["InterviewState"];
            verdict: components["schemas"]["Verdict"] | null;
            /** @description From joining the queue to the answer. */
            wait_ms: number | null;
        };
        InterviewPage: {
            items: components["schemas"]["Interview"][];
            next: string | null;
        };
        /** @enum {string} */
        InterviewState: "waiting" | "ringing" | "in_call" | "ended" | "abandoned";
        Invitation: {
            business_no: string;
            consents: {
                face: components["schemas"]["Consent"];
                recording: components["schemas"]["Consent"];
            };
            /** Format: date-time */
            expires_at: string;
            identity_check: boolean;
            /** @description Masked, such as `张*`. */
            name: string;
            product_name: string;
            queue: {
                name: string;
                open: boolean;
                /** Format: date-time */
                opens_at: string | null;
            };
            /**
             * Format: uri
             * @description Where the page leads back to when the interview is over.
             */
            return_url: string | null;
            /** @enum {string} */
            state: "open";
            tenant_name: string;
        };
        InvitationLink: {
            /** Format: date-time */
            expires_at: string;
            /** Format: uri */
            url: string;
        };
        KeyPage: {
            items: components["schemas"]["NativeKey"][];
            next: null;
        };
        Live: {
            /** Format: date-time */
            started_at: string;
            streams: components["schemas"]["LiveStream"][];
            tenant_name: string;
            title: string;
        };
        LiveStream: {
            /** @description Counts from 1; names are not told. */
            participant: number;
            playlist_url: string;
            /** @enum {string} */
            stream: "camera" | "microphone" | "screen";
        };
        /** @description Something that happened. */
        Mark: {
            at_ms: number;
            kind: string;
            text: string;
        };
        Material: {
            code: string;
            /** Format: uuid */
            deposit_id: string;
            discard_reason: string | null;
            /** Format: date-time */
            filed_at: string;
            /** @enum {string} */
            filed_at_place: "account" | "customer";
            files: components["schemas"]["ArchiveFile"][];
            /**
             * Format: date-time
             * @description When it was taken back, or followed by a newer deposit of the same code. Null while it is current.
             */
            history_since: string | null;
            id: number;
            name: string;
            /** Format: uuid */
            recording_id: string | null;
            service_name: string | null;
            submitter: string | null;
            title: string | null;
        };
        Message: {
            attempts: number;
            business_no: string;
            /** Format: date-time */
            created_at: string;
            /** Format: uuid */
            id: string;
            last_error: string | null;
            /** Format: date-time */
            next_attempt_at: string | null;
            /** @enum {string} */
            state: "pending" | "sent" | "failed";
            /** @description Masked. */
            to: string;
        };
        MessagePage: {
            items: components["schemas"]["Message"][];
            next: string | null;
        };
        Named: {
            id: string;
            name: string;
        };
        NativeKey: {
            /** Format: date-time */
            created_at: string;
            id: string;
            name: string;
        };
        NewConnector: {
            accepted?: {
                pointer: string;
                values: string[];
            } | null;
            body?: {
                template?: string;
                /** @enum {string} */
                type?: "none" | "json" | "form";
            } | null;
            /** @description JSON pointers of fields that stand elsewhere than in order.json and product.json. */
            fields?: {
                [key: string]: string;
            } | null;
            headers?: {
                [key: string]: string;
            } | null;
            /** @enum {string|null} */
            method?: "GET" | "POST" | "PUT" | null;
            sign?: string | null;
            texts?: {
                [key: string]: string;
            } | null;
            timeout_ms?: number | null;
            tries?: number | null;
            /** @description With holes such as {businessId} behind the host alone. */
            url: string;
        };
        NewCustomer: {
            id_no: string;
            /**
             * @example id_card
             * @example passport
             */
            id_type: string;
            mobile: string;
            name: string;
        };
        NewDetail: {
            label: string;
            value: string;
        };
        NewOrder: {
            /** @description Taken once per tenant. */
            business_no: string;
            /** @description The borrower. */
            customer: components["schemas"]["NewCustomer"];
            /** @description Further lines that the seat reads. */
            details?: components["schemas"]["NewDetail"][] | null;
            /** @default false */
            identity_check: boolean | null;
            /** @description The others. */
            people?: components["schemas"]["NewPerson"][] | null;
            product_name: string;
            /** @description Number of one of the tenant's queues. */
            queue_id: string;
        };
        NewPerson: {
            id_no: string;
            id_type: string;
            mobile: string;
            name: string;
            role: components["schemas"]["PersonRole"];
        };
        NewRoom: {
            /** @description Not the host's. */
            guest_pin?: string | null;
            host_pin?: string | null;
            live_allowed?: boolean | null;
            name: string;
            /** @description Drawn when it is not named. */
            number?: string | null;
            record_allowed?: boolean | null;
            /** @description Whether it stays open without people. */
            stays_open?: boolean | null;
        };
        NewSwitches: {
            file_retention_days?: components["schemas"]["RetentionDays"] | null;
            /** @description Origins that `getRecords` may put in front of its links. */
            meeting_origins?: string[] | null;
            /** @description Text messages that may go out in a day; null: 10 000. */
            messages_a_day?: number | null;
            /** @description Where the events of the netdisk face go. */
            netdisk_callback_url?: string | null;
            /** @description Origins whose pages may ask the netdisk face by GET and JSONP; null: GET is off. */
            netdisk_get_from?: string[] | null;
            /** @description Faces that are off. */
            off?: ("video" | "netdisk" | "crm" | "signing" | "meeting")[] | null;
            /** @description Bytes of files beside recordings; null: as much as the disk holds. */
            quota_bytes?: number | null;
            results_as?: components["schemas"]["ResultsAs"] | null;
            /** @description Origins that pages may lead back to: the `return_url` of an invitation or an embed token must be of one of them. */
            return_origins?: string[] | null;
            /** @description Networks from which the video face takes calls without a signature, such as `10.1.0.0/16`. */
            video_unsigned_from?: string[] | null;
        };
        Order: {
            business_no: string;
            /** Format: date-time */
            created_at: string;
            customer: components["schemas"]["OrderPerson"];
            details: components["schemas"]["Detail"][];
            /** Format: uuid */
            id: string;
            identity_check: boolean;
            people: components["schemas"]["OrderPerson"][];
            product_name: string;
            queue_id: string;
        };
        OrderPerson: {
            id_no: string;
            id_type: string;
            mobile: string;
            name: string;
            role: components["schemas"]["PersonRole"];
        };
        OrderSheet: {
            assist_no: string | null;
            enterprise: {
                credit_code: string;
                legal_person: string;
                name: string;
            } | null;
            enterprise_guarantors: {
                credit_code: string;
                legal_person: string;
                name: string;
            }[];
            guarantors: {
                id_no: string;
                mobile: string;
                name: string;
            }[];
            identity: {
                description: string;
                /** @enum {string} */
                result: "passed" | "failed" | "not_done";
                similarity: string;
            } | null;
            order: components["schemas"]["Order"];
            product: {
                images: string[];
                intro: string;
                product_id: string;
                product_name: string;
                risk_level: string;
                risk_tips: string[];
                risk_video_url: string | null;
                statement: string;
            } | null;
            risk_video_url: string | null;
            signature_url: string | null;
        };
        Participant: {
            name: string;
            /** Format: uuid */
            participant: string;
            /** @enum {string} */
            presence: "joining" | "here" | "lost" | "left";
            /** @enum {string} */
            role: "host" | "guest" | "seat" | "customer" | "supervisor";
            /**
             * Format: date-time
             * @description Since when; coming back after a lost connection changes nothing.
             */
            since: string;
        };
        ParticipantPage: {
            items: components["schemas"]["Participant"][];
            next: null;
        };
        PassResult: {
            agentUserName: string;
            assistId: string;
            businessId: string;
            latitudeLongitude: string;
            operateTime: string;
            photos: string[];
            queueId: string;
            signAddress: string;
            videoDuration: number;
            videoName: string;
            videoPath: string;
            waitTime: number;
        };
        /** @enum {string} */
        PersonRole: "borrower" | "co_borrower" | "guarantor" | "spouse";
        /**
         * @description RFC 9457.
         * @example {
         *       "type": "/problems/order-unknown",
         *       "title": "没有找到该订单",
         *       "status": 404,
         *       "detail": "请核对业务编号"
         *     }
         */
        Problem: {
            /** @description What to do about it, in Chinese. */
            detail: string;
            /**
             * Format: date-time
             * @description With `queue-closed`: when it opens.
             */
            opens_at?: string;
            status: number;
            title: string;
            /** @description `/problems/{slug}`: a page that explains it. */
            type: string;
        };
        /** @description Every `_ms` but the `duration_ms` of a file counts from `started_at`. */
        Recording: {
            business_no: string | null;
            customer: string | null;
            /** @description While it grows: by now. */
            duration_ms: number;
            files: components["schemas"]["RecordingFile"][];
            gaps: components["schemas"]["Gap"][];
            /** Format: uuid */
            id: string;
            /**
             * Format: uuid
             * @description Null, like the next four, for a recording that is no interview's.
             */
            interview_id: string | null;
            marks: components["schemas"]["Mark"][];
            number: string | null;
            /** @description HLS, signed. */
            playlist_url: string;
            reason: string | null;
            seat: string | null;
            /** Format: date-time */
            started_at: string;
            /** @enum {string} */
            state: "recording" | "stopped" | "failed";
            /** Format: date-time */
            stopped_at: string | null;
            verdict: components["schemas"]["Verdict"] | null;
        };
        RecordingFile: components["schemas"]["TrackFile"] | components["schemas"]["ComposedFile"];
        RecordingPage: {
            items: components["schemas"]["Recording"][];
            next: string | null;
        };
        RefusalResult: {
            assistId: string;
            businessId: string;
            queueId: string;
            reason: string;
            signAddress: string;
            /** @enum {string} */
            type: "refuse" | "supplement";
            waitTime: number;
        };
        /**
         * @description The shape in which results are sent: our own (null as well), or the signing document's.
         * @enum {string}
         */
        ResultsAs: "native" | "signing";
        /** @description For how many days new files of a kind cannot be deleted. A kind that is not named has no date. */
        RetentionDays: {
            assistance?: components["schemas"]["Days"];
            counter?: components["schemas"]["Days"];
            interview?: components["schemas"]["Days"];
            meeting?: components["schemas"]["Days"];
            self_service?: components["schemas"]["Days"];
            upload?: components["schemas"]["Days"];
        };
        /** @enum {string} */
        Role: "seat" | "supervisor" | "reviewer" | "tenant_admin" | "platform_admin" | "archivist";
        Room: {
            /** Format: date-time */
            created_at: string;
            /** @description For those who own the room. */
            guest_pin?: string;
            /** @description For those who own the room. */
            host_pin?: string;
            /** @description Where people come in. */
            join_path: string;
            live_allowed: boolean;
            /**
             * Format: date-time
             * @description Since when nobody new is let in.
             */
            locked_at: string | null;
            name: string;
            number: string;
            participants: number;
            record_allowed: boolean;
            /**
             * Format: uuid
             * @description The recording that is being made.
             */
            recording_id: string | null;
            /**
             * Format: date-time
             * @description Since when it is open.
             */
            started_at: string | null;
            stays_open: boolean;
            /** @description Where it is watched live. */
            watch_path: string | null;
        };
        RoomPage: {
            items: components["schemas"]["Room"][];
            next: string | null;
        };
        Script: {
            /** Format: date-time */
            changed_at: string;
            text: string;
            video_type: string;
        };
        ScriptList: {
            items: components["schemas"]["Script"][];
            next: null;
        };
        Session: {
            /** @description What writes of this page carry as `X-CSRF-Token`. */
            csrf_token: string;
            user: components["schemas"]["User"];
        };
        /**
         * @description `microphone`: a file that was begun while there was no picture.
         * @enum {string}
         */
        Source: "camera" | "microphone" | "screen";
        Switches: {
            file_retention_days: components["schemas"]["RetentionDays"];
            meeting_origins: string[];
            messages_a_day: number | null;
            netdisk_callback_url: string | null;
            netdisk_get_from: string[] | null;
            off: components["schemas"]["FaceName"][];
            quota_bytes: number | null;
            results_as: components["schemas"]["ResultsAs"];
            return_origins: string[];
            video_unsigned_from: string[];
        };
        /** @description What is left of a deleted file. */
        Tombstone: {
            /** @description The text that was signed, byte for byte. */
            body: string;
            public_key: string;
            /** @description Ed25519, in hex. */
            signature: string;
        };
        /** @description One file of a person. Whose stream began anew has several of the same source. */
        TrackFile: {
            duration_ms: number;
            from_ms: number;
            /** @enum {string} */
            kind: "track";
            participant: {
                id: string;
                name: string;
                role: string;
            };
            /** @description HLS over all files of this person and source. */
            playlist_url: string | null;
            /** @description 64 hex digits; null while it grows. */
            sha256: string | null;
            size_bytes: number;
            source: components["schemas"]["Source"];
            /** @description Signed; supports Range. */
            url: string;
        };
        User: {
            /** Format: uuid */
            id: string;
            login: string;
            name: string;
            /** @description Those that the user serves. */
            queues: components["schemas"]["Named"][];
            roles: components["schemas"]["Role"][];
            tenant: components["schemas"]["Named"];
        };
        /** @enum {string} */
        Verdict: "pass" | "refuse" | "supplement";
        WholeMessage: {
            attempts: number;
            business_no: string;
            /** Format: date-time */
            created_at: string;
            /** Format: uuid */
            id: string;
            last_error: string | null;
            /** Format: date-time */
            next_attempt_at: string | null;
            /** @enum {string} */
            state: "pending" | "sent" | "failed";
            text: string;
            /** @description Masked. */
            to: string;
        };
    };
    responses: never;
    parameters: {
        /** @description The account's id. */
        ArchiveAccountId: string;
        /**
         * @description The business system's own number.
         * @example A3239239
         */
        BusinessNo: string;
        /**
         * @description The code.
         * @example ID_FRONT
         */
        Code: string;
        /** @description The table. */
        CodeTable: "ACCT_BIZ_TYP" | "ACCT_CUST_TYP" | "ID_TYP" | "MATERIAL";
        /** @description The `next` of the page before. */
        Cursor: string;
        /** @description A text of your own for this request. The same key with the same request gives the first answer again, for 24 hours; with another request 422 `key-reused`; while the first is being worked on 409 `key-in-use`. */
        IdempotencyKey: string;
        /** @description The `ETag` of the state that you read. If it has changed meanwhile the answer is 412 `changed-meanwhile`. */
        IfMatch: string;
        /** @description Items on a page. */
        Limit: number;
    };
    requestBodies: never;
    headers: {
        /** @description Names this state, for `If-Match`. */
        ETag: string;
        /** @description Where the new resource is. */
        Location: string;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    list_accounts: {
        parameters: {
            query?: {
                /** @description Of these business types. */
                biz_types?: string;
                /** @description The `next` of the page before. */
                cursor?: components["parameters"]["Cursor"];
                /** @description Of these customer types. */
                customer_types?: string;
                /** @description In these departments; only narrows the caller's own. */
                dept_codes?: string;
                /** @description Without material of each of these codes. */
                excluded_material_codes?: string;
                /** @description Items on a page. */
                limit?: components["parameters"]["Limit"];
                /** @description With material of any of these codes; commas between them. */
                material_codes?: string;
                /** @description Opened on that day or later. */
                opened_from?: string;
                /** @description Opened on that day or earlier. */
                opened_to?: string;
                /** @description Beginning of a number or of the owner's name. */
                q?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The oldest first, with the exact total. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountPage"];
                };
            };
        };
    };
    find_account: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The account's id. */
                id: components["parameters"]["ArchiveAccountId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The account with its customer. A key reads numbers of papers whole, a user reads their ends. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Account"];
                };
            };
        };
    };
    update_account: {
        parameters: {
            query?: never;
            header?: {
                /** @description The `ETag` of the state that you read. If it has changed meanwhile the answer is 412 `changed-meanwhile`. */
                "If-Match"?: components["parameters"]["IfMatch"];
            };
            path: {
                /** @description The account's id. */
                id: components["parameters"]["ArchiveAccountId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "src_type": "counter",
                 *       "opened_on": "2020-01-31",
                 *       "customer": {
                 *         "aml_risk_code": "L",
                 *         "aml_risk_name": "低"
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["AccountChange"];
            };
        };
        responses: {
            /** @description The account. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Account"];
                };
            };
        };
    };
    list_materials: {
        parameters: {
            query?: {
                /** @description With what is filed at the customer. */
                customer?: boolean;
                /** @description With what was taken back or followed by a newer deposit. */
                history?: boolean;
            };
            header?: never;
            path: {
                /** @description The account's id. */
                id: components["parameters"]["ArchiveAccountId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The oldest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Material"][];
                    };
                };
            };
        };
    };
    import_accounts: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example deptCode,accountNo,accountBizType,accountName,accountCustomerType,customerType,idType,idNo
                 *     0001,77770001,0,王五,0,0,1,X1
                 */
                "text/csv": string;
            };
        };
        responses: {
            /** @description What was done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        created: number;
                        unchanged: number;
                        updated: number;
                    };
                };
            };
        };
    };
    list_clients: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Every system number, revoked ones too. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["ArchiveClient"][];
                    };
                };
            };
        };
    };
    issue_client: {
        parameters: {
            query?: never;
            header?: {
                /** @description A text of your own for this request. The same key with the same request gives the first answer again, for 24 hours; with another request 422 `key-reused`; while the first is being worked on 409 `key-in-use`. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "number": "core",
                 *       "name": "核心系统"
                 *     }
                 */
                "application/json": {
                    name: string;
                    number: string;
                };
            };
        };
        responses: {
            /** @description It may deposit from now on. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ArchiveClient"];
                };
            };
        };
    };
    revoke_client: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The system number. */
                number: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It may deposit no more, for good; what it deposited stays. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    fetch_archive_file: {
        parameters: {
            query?: {
                /** @description To be shown instead of saved. */
                preview?: boolean;
            };
            header?: never;
            path: {
                /** @description 32 hex digits. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Its bytes. Pictures (no SVG), PDF, sound and film are shown with `preview=true`; everything else is to be saved. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": unknown;
                    "application/pdf": unknown;
                    "audio/mpeg": unknown;
                    "audio/ogg": unknown;
                    "audio/wav": unknown;
                    "image/bmp": unknown;
                    "image/gif": unknown;
                    "image/jpeg": unknown;
                    "image/png": unknown;
                    "image/webp": unknown;
                    "video/mp4": unknown;
                    "video/webm": unknown;
                };
            };
            /** @description The range that was asked for. */
            206: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": unknown;
                    "application/pdf": unknown;
                    "audio/mpeg": unknown;
                    "audio/ogg": unknown;
                    "audio/wav": unknown;
                    "image/bmp": unknown;
                    "image/gif": unknown;
                    "image/jpeg": unknown;
                    "image/png": unknown;
                    "image/webp": unknown;
                    "video/mp4": unknown;
                    "video/webm": unknown;
                };
            };
        };
    };
    list_callbacks: {
        parameters: {
            query?: {
                /** @description The `next` of the page before. */
                cursor?: components["parameters"]["Cursor"];
                /** @description Items on a page. */
                limit?: components["parameters"]["Limit"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CallbackPage"];
                };
            };
        };
    };
    retry_callback: {
        parameters: {
            query?: never;
            header?: {
                /** @description A text of your own for this request. The same key with the same request gives the first answer again, for 24 hours; with another request 422 `key-reused`; while the first is being worked on 409 `key-in-use`. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /** @description Its id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is due. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    list_code_tables: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Every table with its codes. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["CodeTable"][];
                    };
                };
            };
        };
    };
    add_code: {
        parameters: {
            query?: never;
            header?: {
                /** @description A text of your own for this request. The same key with the same request gives the first answer again, for 24 hours; with another request 422 `key-reused`; while the first is being worked on 409 `key-in-use`. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /** @description The table. */
                table: components["parameters"]["CodeTable"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "code": "6",
                 *       "name": "做市"
                 *     }
                 */
                "application/json": {
                    code: string;
                    name: string;
                };
            };
        };
        responses: {
            /** @description The code. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Code"];
                };
            };
        };
    };
    rename_code: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The code.
                 * @example ID_FRONT
                 */
                code: components["parameters"]["Code"];
                /** @description The table. */
                table: components["parameters"]["CodeTable"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "经纪"
                 *     }
                 */
                "application/json": {
                    name: string;
                };
            };
        };
        responses: {
            /** @description The code. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Code"];
                };
            };
        };
    };
    remove_code: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The code.
                 * @example ID_FRONT
                 */
                code: components["parameters"]["Code"];
                /** @description The table. */
                table: components["parameters"]["CodeTable"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is out of use; what has it keeps it, with its name. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    list_compositions: {
        parameters: {
            query?: {
                /** @description The `next` of the page before. */
                cursor?: components["parameters"]["Cursor"];
                /** @description Items on a page. */
                limit?: components["parameters"]["Limit"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CompositionPage"];
                };
            };
        };
    };
    retry_composition: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Its id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is due. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    list_connectors: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Header values are never shown. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConnectorList"];
                };
            };
        };
    };
    put_connector: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description What for. */
                kind: "sms" | "order" | "product" | "identity" | "photo";
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "method": "GET",
                 *       "url": "https://bank.example/orders/{businessId}",
                 *       "headers": {
                 *         "X-Api-Key": "secret"
                 *       },
                 *       "timeout_ms": 5000,
                 *       "tries": 2
                 *     }
                 */
                "application/json": components["schemas"]["NewConnector"];
            };
        };
        responses: {
            /** @description As it is kept. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Connector"];
                };
            };
        };
    };
    delete_connector: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description What for. */
                kind: "sms" | "order" | "product" | "identity" | "photo";
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    list_deposits: {
        parameters: {
            query?: {
                /** @description Of that account. Who may not see every department must name one. */
                account_id?: string;
                /** @description The `next` of the page before. */
                cursor?: components["parameters"]["Cursor"];
                /** @description Items on a page. */
                limit?: components["parameters"]["Limit"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Deposit"][];
                        next: string | null;
                    };
                };
            };
        };
    };
    discard_deposit: {
        parameters: {
            query?: never;
            header?: {
                /** @description A text of your own for this request. The same key with the same request gives the first answer again, for 24 hours; with another request 422 `key-reused`; while the first is being worked on 409 `key-in-use`. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /** @description Its id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "reason": "传错客户",
                 *       "employee": "e007"
                 *     }
                 */
                "application/json": {
                    /** @description The employee who asked for it; the caller unless named. */
                    employee?: string | null;
                    reason: string;
                };
            };
        };
        responses: {
            /** @description It is taken back, and stays to be seen with who, when and why. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    enter: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    token: string;
                };
            };
        };
        responses: {
            /** @description The cookie is set. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EmbedSession"];
                };
            };
        };
    };
    create_embed_token: {
        parameters: {
            query?: never;
            header?: {
                /** @description A text of your own for this request. The same key with the same request gives the first answer again, for 24 hours; with another request 422 `key-reused`; while the first is being worked on 409 `key-in-use`. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "kind": "seat",
                 *       "user_name": "u1001",
                 *       "display_name": "李雷",
                 *       "queue_ids": [
                 *         "1001"
                 *       ],
                 *       "return_url": "http://127.0.0.1:9000/done"
                 *     }
                 */
                "application/json": {
                    display_name?: string | null;
                    /** @enum {string|null} */
                    kind?: "seat" | null;
                    queue_ids?: string[] | null;
                    /** @description Registered in the tenant's switches. */
                    return_url?: string | null;
                    user_name: string;
                };
            };
        };
        responses: {
            /** @description Good once, for five minutes. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: date-time */
                        expires_at: string;
                        token: string;
                    };
                };
            };
        };
    };
    list_files: {
        parameters: {
            query?: {
                /** @description Its path; the root unless said. */
                folder?: string;
                /** @description Items on a page. */
                limit?: number;
                /** @description From 1. */
                page?: number;
                /** @description Of an earlier answer: the pages of that moment. */
                search_time?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Its files, newest first, and the folders in it. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FileListing"];
                };
            };
        };
    };
    upload_file: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": {
                    business_no?: string;
                    /** Format: binary */
                    file: string;
                    folder?: string;
                    name?: string;
                };
            };
        };
        responses: {
            /** @description The file. */
            201: {
                headers: {
                    Location: components["headers"]["Location"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["File"];
                };
            };
        };
    };
    find_file: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Its number. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["File"];
                };
            };
        };
    };
    delete_file: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Its number. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "reason": "重复上传"
                 *     }
                 */
                "application/json": {
                    /** @description Why. */
                    reason: string;
                };
            };
        };
        responses: {
            /** @description Its tombstone. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tombstone"];
                };
            };
        };
    };
    keep_file: {
        parameters: {
            query?: never;
            header?: {
                /** @description The `ETag` of the state that you read. If it has changed meanwhile the answer is 412 `changed-meanwhile`. */
                "If-Match"?: components["parameters"]["IfMatch"];
            };
            path: {
                /** @description Its number. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "hold_reason": "诉讼保全"
                 *     }
                 */
                "application/json": {
                    /** @description Null lets it go. */
                    hold_reason?: string | null;
                    retain_reason?: string | null;
                    /**
                     * Format: date-time
                     * @description Never earlier than it is.
                     */
                    retain_until?: string | null;
                };
            };
        };
        responses: {
            /** @description The file. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["File"];
                };
            };
        };
    };
    revoke_links: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Its number. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description They are. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    find_tombstone: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Its number. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Its tombstone. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tombstone"];
                };
            };
        };
    };
    find_usage: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Of uploads and recordings. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FileUsage"];
                };
            };
        };
    };
    create_folder: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "path": "/2019/"
                 *     }
                 */
                "application/json": {
                    /** @description Such as `/2019/`. */
                    path: string;
                };
            };
        };
        responses: {
            /** @description The folder. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Folder"];
                };
            };
        };
    };
    accept_statement: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description A JSON Web Token, HS256 under AppSecret: iss (AppId), exp, businessId, faceResult, similarity. */
                    token: string;
                };
            };
        };
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    show_interface: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Secrets are hinted at. The `ETag` names the state of the switches. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Interface"];
                };
            };
        };
    };
    list_calls: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CallPage"];
                };
            };
        };
    };
    reissue_credential: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Which one. */
                kind: components["schemas"]["CredentialKind"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The new secret. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        kind: components["schemas"]["CredentialKind"];
                        secret: string;
                    };
                };
            };
        };
    };
    list_keys: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Newest first, all of them: there are at most a hundred. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeyPage"];
                };
            };
        };
    };
    issue_key: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "core system"
                 *     }
                 */
                "application/json": {
                    /** @description What it is for. */
                    name: string;
                };
            };
        };
        responses: {
            /** @description The key, told here and nowhere else. */
            201: {
                headers: {
                    Location: components["headers"]["Location"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: date-time */
                        created_at: string;
                        id: string;
                        name: string;
                        /** @description What stands behind `Bearer`. */
                        secret: string;
                    };
                };
            };
        };
    };
    revoke_key: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Its id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is refused from now on. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    set_switches: {
        parameters: {
            query?: never;
            header?: {
                /** @description The `ETag` of the state that you read. If it has changed meanwhile the answer is 412 `changed-meanwhile`. */
                "If-Match"?: components["parameters"]["IfMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "off": [
                 *         "crm"
                 *       ],
                 *       "meeting_origins": [
                 *         "https://meet.bank.example"
                 *       ],
                 *       "return_origins": [
                 *         "https://bank.example"
                 *       ],
                 *       "quota_bytes": 1099511627776,
                 *       "file_retention_days": {
                 *         "interview": 1825
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["NewSwitches"];
            };
        };
        responses: {
            /** @description The interface as it is now. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Interface"];
                };
            };
        };
    };
    list_interviews: {
        parameters: {
            query?: {
                /**
                 * @description Of that order.
                 * @example A3239239
                 */
                business_no?: string;
                /** @description The `next` of the page before. */
                cursor?: components["parameters"]["Cursor"];
                /** @description Items on a page. */
                limit?: components["parameters"]["Limit"];
                /** @description In that state. */
                state?: components["schemas"]["InterviewState"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Newest first. A seat sees its own. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InterviewPage"];
                };
            };
        };
    };
    find_result: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Its id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Of a pass, or of a refusal or supplement. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PassResult"] | components["schemas"]["RefusalResult"];
                };
            };
        };
    };
    find_invitation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The last part of the link. */
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As much as the customer may know before it joins. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Invitation"];
                };
            };
        };
    };
    find_live: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The last part of the watch page's address. */
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What is shown, and who can be watched now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Live"];
                };
            };
        };
    };
    list_material_codes: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Those in use, in their order. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodeList"];
                };
            };
        };
    };
    add_material_code: {
        parameters: {
            query?: never;
            header?: {
                /** @description A text of your own for this request. The same key with the same request gives the first answer again, for 24 hours; with another request 422 `key-reused`; while the first is being worked on 409 `key-in-use`. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "code": "VOICE",
                 *       "name": "录音"
                 *     }
                 */
                "application/json": {
                    code: string;
                    name: string;
                };
            };
        };
        responses: {
            /** @description The code. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Code"];
                };
            };
        };
    };
    rename_material_code: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The code.
                 * @example ID_FRONT
                 */
                code: components["parameters"]["Code"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "身份证正面"
                 *     }
                 */
                "application/json": {
                    name: string;
                };
            };
        };
        responses: {
            /** @description The code. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Code"];
                };
            };
        };
    };
    remove_material_code: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The code.
                 * @example ID_FRONT
                 */
                code: components["parameters"]["Code"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is out of use; what has it keeps it, with its name. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    list_messages: {
        parameters: {
            query?: {
                /** @description The `next` of the page before. */
                cursor?: components["parameters"]["Cursor"];
                /** @description Items on a page. */
                limit?: components["parameters"]["Limit"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Newest first, phones masked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MessagePage"];
                };
            };
        };
    };
    find_message: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Its id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description With its text and link. Every reading is audited. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WholeMessage"];
                };
            };
        };
    };
    retry_message: {
        parameters: {
            query?: never;
            header?: {
                /** @description A text of your own for this request. The same key with the same request gives the first answer again, for 24 hours; with another request 422 `key-reused`; while the first is being worked on 409 `key-in-use`. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /** @description Its id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is due. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    describe_api: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OpenAPI 3.1. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
        };
    };
    create_order: {
        parameters: {
            query?: never;
            header?: {
                /** @description A text of your own for this request. The same key with the same request gives the first answer again, for 24 hours; with another request 422 `key-reused`; while the first is being worked on 409 `key-in-use`. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "business_no": "A3239241",
                 *       "product_name": "华楼通",
                 *       "queue_id": "1001",
                 *       "customer": {
                 *         "name": "王五",
                 *         "id_type": "id_card",
                 *         "id_no": "999999199203040013",
                 *         "mobile": "10000000004"
                 *       },
                 *       "details": [
                 *         {
                 *           "label": "贷款金额",
                 *           "value": "50 万元"
                 *         }
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["NewOrder"];
            };
        };
        responses: {
            /** @description The order. */
            201: {
                headers: {
                    Location: components["headers"]["Location"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Order"];
                };
            };
        };
    };
    find_order: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The business system's own number.
                 * @example A3239239
                 */
                business_no: components["parameters"]["BusinessNo"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The order. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Order"];
                };
            };
        };
    };
    put_enterprise: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The business system's own number.
                 * @example A3239239
                 */
                business_no: components["parameters"]["BusinessNo"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "示例公司",
                 *       "credit_code": "91310000X",
                 *       "legal_person": "王五"
                 *     }
                 */
                "application/json": {
                    credit_code?: string | null;
                    legal_person?: string | null;
                    name?: string;
                };
            };
        };
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    put_guarantors: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The business system's own number.
                 * @example A3239239
                 */
                business_no: components["parameters"]["BusinessNo"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "people": [
                 *         {
                 *           "name": "李四",
                 *           "id_no": "999999198506150028",
                 *           "mobile": "10000000002"
                 *         }
                 *       ],
                 *       "enterprises": []
                 *     }
                 */
                "application/json": {
                    enterprises?: {
                        credit_code?: string | null;
                        legal_person?: string | null;
                        name: string;
                    }[] | null;
                    people?: {
                        id_no?: string | null;
                        mobile?: string | null;
                        name: string;
                    }[] | null;
                };
            };
        };
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    put_identity: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The business system's own number.
                 * @example A3239239
                 */
                business_no: components["parameters"]["BusinessNo"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "result": "passed",
                 *       "similarity": "91.5"
                 *     }
                 */
                "application/json": {
                    description?: string | null;
                    /** @enum {string} */
                    result: "passed" | "failed" | "not_done";
                    /** @description 0.0 to 100.0 */
                    similarity?: string | null;
                };
            };
        };
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    check_identity: {
        parameters: {
            query?: never;
            header?: {
                /** @description A text of your own for this request. The same key with the same request gives the first answer again, for 24 hours; with another request 422 `key-reused`; while the first is being worked on 409 `key-in-use`. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /**
                 * @description The business system's own number.
                 * @example A3239239
                 */
                business_no: components["parameters"]["BusinessNo"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "image_base64": "/9j/4AAQSkZJRg=="
                 *     }
                 */
                "application/json": {
                    /** @description JPG or PNG in base64, at most 3 MB. */
                    image_base64: string;
                };
            };
        };
        responses: {
            /** @description `not_done` with the reason where nobody looked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IdentityResult"];
                };
            };
        };
    };
    create_invitation: {
        parameters: {
            query?: never;
            header?: {
                /** @description A text of your own for this request. The same key with the same request gives the first answer again, for 24 hours; with another request 422 `key-reused`; while the first is being worked on 409 `key-in-use`. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /**
                 * @description The business system's own number.
                 * @example A3239239
                 */
                business_no: components["parameters"]["BusinessNo"];
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "person": "borrower",
                 *       "expires_in_s": 86400
                 *     }
                 */
                "application/json": {
                    /** @description How long the link works. */
                    expires_in_s?: number | null;
                    /** @description A role, or a place among all people of the order with the customer as 0. */
                    person?: components["schemas"]["PersonRole"] | number | null;
                    /** @description Where the customer's page leads back to when the interview is over: an address of a site that is listed in `return_origins`. */
                    return_url?: string | null;
                };
            };
        };
        responses: {
            /** @description The link. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvitationLink"];
                };
            };
        };
    };
    push_photo: {
        parameters: {
            query?: never;
            header?: {
                /** @description A text of your own for this request. The same key with the same request gives the first answer again, for 24 hours; with another request 422 `key-reused`; while the first is being worked on 409 `key-in-use`. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /**
                 * @description The business system's own number.
                 * @example A3239239
                 */
                business_no: components["parameters"]["BusinessNo"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description JPG or PNG in base64, at most 3 MB. */
                    image_base64: string;
                    name: string;
                };
            };
        };
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    put_product: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The business system's own number.
                 * @example A3239239
                 */
                business_no: components["parameters"]["BusinessNo"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "product_id": "P1",
                 *       "product_name": "华楼通",
                 *       "risk_level": "R2",
                 *       "risk_tips": [
                 *         "利率可能变化"
                 *       ],
                 *       "statement": "本人已知悉",
                 *       "risk_video_url": "https://bank.example/risk.mp4"
                 *     }
                 */
                "application/json": {
                    images?: string[] | null;
                    intro?: string | null;
                    product_id?: string | null;
                    product_name: string;
                    risk_level?: string | null;
                    risk_tips?: string[] | null;
                    risk_video_url?: string | null;
                    statement?: string | null;
                };
            };
        };
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    pull_order: {
        parameters: {
            query?: never;
            header?: {
                /** @description A text of your own for this request. The same key with the same request gives the first answer again, for 24 hours; with another request 422 `key-reused`; while the first is being worked on 409 `key-in-use`. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /**
                 * @description The business system's own number.
                 * @example A3239239
                 */
                business_no: components["parameters"]["BusinessNo"];
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /** @example {} */
                "application/json": {
                    queue_id?: string | null;
                };
            };
        };
        responses: {
            /** @description It was here; what is beside it is new. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Order"];
                };
            };
            /** @description It was not here yet. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Order"];
                };
            };
        };
    };
    put_references: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The business system's own number.
                 * @example A3239239
                 */
                business_no: components["parameters"]["BusinessNo"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "assist_no": "F-7",
                 *       "signature_url": "https://bank.example/contract.pdf"
                 *     }
                 */
                "application/json": {
                    assist_no?: string | null;
                    risk_video_url?: string | null;
                    signature_url?: string | null;
                };
            };
        };
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    find_sheet: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The business system's own number.
                 * @example A3239239
                 */
                business_no: components["parameters"]["BusinessNo"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A seat reads the orders of its queues, numbers masked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrderSheet"];
                };
            };
        };
    };
    probe_download: {
        parameters: {
            query?: {
                /** @description So many. */
                bytes?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Random bytes. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": unknown;
                };
            };
        };
    };
    probe_upload: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description At most 2,000,000 bytes, which are forgotten. */
        requestBody?: {
            content: {
                "application/octet-stream": unknown;
            };
        };
        responses: {
            /** @description They have arrived. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    list_recordings: {
        parameters: {
            query?: {
                /**
                 * @description Of that order.
                 * @example A3239239
                 */
                business_no?: string;
                /** @description The `next` of the page before. */
                cursor?: components["parameters"]["Cursor"];
                /** @description Whose customer's name contains this. */
                customer?: string;
                /** @description Started then or later. */
                from?: string;
                /** @description Items on a page. */
                limit?: components["parameters"]["Limit"];
                /** @description Whose seat's name contains this. */
                seat?: string;
                /** @description Started before. */
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Newest first. A seat sees its own. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecordingPage"];
                };
            };
        };
    };
    find_recording: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Its id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it is now; it may still grow. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Recording"];
                };
            };
        };
    };
    archive_recording: {
        parameters: {
            query?: never;
            header?: {
                /** @description A text of your own for this request. The same key with the same request gives the first answer again, for 24 hours; with another request 422 `key-reused`; while the first is being worked on 409 `key-in-use`. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /** @description Its id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "account_no": "88880001",
                 *       "account_biz_type": "0",
                 *       "material_code": "INTERVIEW_VIDEO"
                 *     }
                 */
                "application/json": {
                    account_biz_type: string;
                    account_no: string;
                    material_code: string;
                };
            };
        };
        responses: {
            /** @description The deposit. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Deposit"];
                };
            };
        };
    };
    list_rooms: {
        parameters: {
            query?: {
                /** @description The `next` of the page before. */
                cursor?: components["parameters"]["Cursor"];
                /** @description Items on a page. */
                limit?: components["parameters"]["Limit"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Newest first. PINs are told to those who own the rooms. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RoomPage"];
                };
            };
        };
    };
    create_room: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "客户经理例会",
                 *       "record_allowed": true,
                 *       "live_allowed": false,
                 *       "stays_open": false
                 *     }
                 */
                "application/json": components["schemas"]["NewRoom"];
            };
        };
        responses: {
            /** @description The room. A number or PIN that was not named is drawn. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Room"];
                };
            };
        };
    };
    find_room: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description What people dial. */
                number: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The room. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Room"];
                };
            };
        };
    };
    change_room: {
        parameters: {
            query?: never;
            header?: {
                /** @description The `ETag` of the state that you read. If it has changed meanwhile the answer is 412 `changed-meanwhile`. */
                "If-Match"?: components["parameters"]["IfMatch"];
            };
            path: {
                /** @description What people dial. */
                number: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "客户经理例会",
                 *       "record_allowed": true,
                 *       "live_allowed": false,
                 *       "stays_open": false
                 *     }
                 */
                "application/json": components["schemas"]["NewRoom"];
            };
        };
        responses: {
            /** @description The room as it is now. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Room"];
                };
            };
        };
    };
    delete_room: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description What people dial. */
                number: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is closed and gone; its recordings stay. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    join_room: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description What people dial. */
                number: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "pin": "200866",
                 *       "name": "张三",
                 *       "device": "0123456789abcdef0123456789abcdef"
                 *     }
                 */
                "application/json": {
                    /** @description 128 random bits of this browser tab. */
                    device: string;
                    /** @description What the others read. */
                    name: string;
                    pin: string;
                };
            };
        };
        responses: {
            /** @description The ticket that a page says `hello` with; it works on this device as long as the room is open. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: uuid */
                        participant: string;
                        /** @enum {string} */
                        role: "host" | "guest";
                        ticket: string;
                    };
                };
            };
        };
    };
    start_live: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description What people dial. */
                number: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description There is something to show. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Behind scheme and host; anybody who has it may watch. */
                        watch_path: string;
                    };
                };
            };
        };
    };
    end_live: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description What people dial. */
                number: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The link is void. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    list_participants: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description What people dial. */
                number: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of them: a room holds sixteen. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ParticipantPage"];
                };
            };
        };
    };
    start_recording: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description What people dial. */
                number: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The recorder runs. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: uuid */
                        recording_id: string;
                    };
                };
            };
        };
    };
    stop_recording: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description What people dial. */
                number: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The last fragment is on disk. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: uuid */
                        recording_id: string;
                    };
                };
            };
        };
    };
    start_room: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description What people dial. */
                number: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The room, open. One that was open stays as it is. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Room"];
                };
            };
        };
    };
    stop_room: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description What people dial. */
                number: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The room, closed: everybody is parted, its recording and broadcast end. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Room"];
                };
            };
        };
    };
    list_scripts: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScriptList"];
                };
            };
        };
    };
    put_script: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The type, as the counter calls it. */
                video_type: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "text": "请问您是否已阅读风险揭示书？"
                 *     }
                 */
                "application/json": {
                    text: string;
                };
            };
        };
        responses: {
            /** @description The script. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Script"];
                };
            };
        };
    };
    find_session: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The user of the cookie. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
        };
    };
    log_in: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "login": "agent1",
                 *       "password": "mingjian-demo"
                 *     }
                 */
                "application/json": {
                    login: string;
                    /** Format: password */
                    password: string;
                };
            };
        };
        responses: {
            /** @description Who has logged in; the cookie is set. */
            200: {
                headers: {
                    "Set-Cookie"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
        };
    };
    log_out: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Logged out; the cookie is taken away. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
}
